"""Pages of organisations."""

from django.urls import path

from suppliers.organisations.views import imports, invitations, organisation, sites, team, trail, workspace

urlpatterns = [
    path("", workspace.home, name="home"),
    path("workspace/<int:pk>/", workspace.switch, name="workspace_switch"),
    path("invitation/<str:token>/", invitations.open_link, name="invitation_open"),
    path("invitation/<str:token>/join/", invitations.join, name="invitation_join"),
    path("invitation/<str:token>/hand-on/", invitations.hand_on, name="invitation_hand_on"),
    path("invitation/<str:token>/renew/", invitations.renew, name="invitation_renew"),
    path("team/", team.team, name="team"),
    path("team/invite/", team.invite, name="team_invite"),
    path("team/second-factor/", team.second_factor, name="team_second_factor"),
    path("team/invitations/<int:pk>/resend/", team.resend, name="team_resend"),
    path("team/invitations/<int:pk>/revoke/", team.revoke, name="team_revoke"),
    path("team/<int:pk>/", team.member, name="team_member"),
    path("team/<int:pk>/scopes/", team.narrow, name="team_narrow"),
    path("team/<int:pk>/remove/", team.remove, name="team_remove"),
    path("trail/", trail.trail_list, name="trail_list"),
    path("trail/export/", trail.trail_list_export, name="trail_list_export"),
    path("suppliers/import/", imports.supplier_import, name="supplier_import"),
    path("suppliers/import/template/", imports.supplier_import_template, name="supplier_import_template"),
    path("suppliers/import/<uuid:pk>/", imports.supplier_import_detail, name="supplier_import_detail"),
    path("suppliers/import/<uuid:pk>/apply/", imports.supplier_import_apply, name="supplier_import_apply"),
    path("suppliers/<int:pk>/end/", organisation.relationship_end, name="relationship_end"),
    path("organisation/", organisation.organisation_edit, name="organisation_edit"),
    path("sites/", sites.site_list, name="site_list"),
    path("sites/new/", sites.site_new, name="site_new"),
    path("sites/own/", sites.own_sites_start, name="own_sites_start"),
    path("sites/<int:pk>/", sites.site_edit, name="site_edit"),
    path("sites/<int:pk>/close/", sites.site_close, name="site_close"),
    path("sites/<int:pk>/reopen/", sites.site_reopen, name="site_reopen"),
]
