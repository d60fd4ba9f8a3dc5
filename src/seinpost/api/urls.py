"""Every address of the API. The major version is in the address; no address ends in a slash."""

from __future__ import annotations

from django.urls import path

from seinpost.api import views

urlpatterns = [
    path("v1/registrations", views.push, name="api-push"),
    path("v1/registrations/<uuid:key>", views.account, name="api-import"),
    path("v1/openapi.json", views.schema, name="api-schema"),
    path("v1/docs", views.docs, name="api-docs"),
    path("<path:rest>", views.nowhere, name="api-nowhere"),
]
