"""Every address of the workbench. Addresses are Dutch, as the people who read them aloud are."""

from __future__ import annotations

from django.urls import path

from seinpost.web.views import act, bulk, day, filing, oversight, people, queue, signal, silence

urlpatterns = [
    path("", day.show, name="today"),
    path("berichten/", day.notices, name="notices"),
    path("zoeken/", day.find, name="search"),
    path("voorkeuren/", day.preferences, name="preferences"),
    path("gedragscode/", day.conduct, name="conduct"),
    path("wachtrij/", queue.show, name="queue"),
    path("wachtrij/volgende/", queue.take_next, name="take-next"),
    path("wachtrij/samen/", bulk.together, name="queue-together"),
    path("wachtrij/bewaren/", queue.keep, name="queue-keep"),
    path("wachtrij/bewaard/<int:key>/", queue.change_saved, name="queue-saved"),
    path("melden/", filing.start, name="filing"),
    path("melden/nieuw/", filing.begin, name="filing-begin"),
    path("melden/blad/", filing.sheet, name="filing-sheet"),
    path("melden/<uuid:key>/", filing.summary, name="filing-summary"),
    path("melden/<uuid:key>/bijlage/", filing.add_file, name="filing-attach"),
    path("melden/<uuid:key>/bijlage/<int:file>/wissen/", filing.drop_file, name="filing-detach"),
    path("melden/<uuid:key>/indienen/", filing.file, name="filing-file"),
    path("melden/<uuid:key>/wissen/", filing.drop, name="filing-drop"),
    path("melden/<uuid:key>/vraag/<slug:code>/", filing.question, name="filing-question"),
    path("signalen/<uuid:key>/", signal.read, name="signal"),
    path("signalen/<uuid:key>/verrijken/", signal.enrich, name="signal-enrich"),
    path("signalen/<uuid:key>/wegen/", signal.weigh, name="signal-weigh"),
    path("signalen/<uuid:key>/taken/", signal.tasks, name="signal-tasks"),
    path("signalen/<uuid:key>/geschiedenis/", signal.history, name="signal-history"),
    path("signalen/<uuid:key>/bijlagen/", signal.attached, name="signal-attachments"),
    path("signalen/<uuid:key>/bijlagen/<int:number>/", signal.download, name="signal-attachment"),
    path("signalen/<uuid:key>/beslissen/", act.decide, name="signal-decide"),
    path("signalen/<uuid:key>/doen/<slug:verb>/", act.fill_in, name="signal-act"),
    path("signalen/<uuid:key>/noodtoegang/", oversight.break_glass, name="glass-break"),
    path("waarborg/", oversight.guarantee, name="guarantee"),
    path("drempel/", oversight.drift, name="drift"),
    path("stille-regels/", silence.show, name="silence"),
    path("stille-regels/<uuid:key>/", silence.end, name="silence-end"),
    path("inzagelog/", oversight.view_log, name="view-log"),
    path("noodtoegang/", oversight.glass, name="glass"),
    path("noodtoegang/<uuid:key>/", oversight.review, name="glass-review"),
    path("beheer/mensen/", people.everybody, name="people"),
    path("beheer/mensen/nieuw/", people.make, name="person-new"),
    path("beheer/mensen/<uuid:key>/", people.one, name="person"),
    path("beheer/mensen/<uuid:key>/recht/", people.give, name="person-right"),
    path("beheer/mensen/<uuid:key>/recht/<int:grant>/einde/", people.end, name="person-right-end"),
    path("beheer/mensen/<uuid:key>/training/", people.train, name="person-training"),
    path("beheer/mensen/<uuid:key>/vertrek/", people.let_go, name="person-leave"),
]
