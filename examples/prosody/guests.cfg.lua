-- A Jitsi whose moderators have tokens of a portal. Guests have no token and use a separate host. They wait until a
-- moderator has joined. Then a moderator may switch the lobby on, and let them in one by one.

plugin_paths = { "/usr/share/jitsi-meet/prosody-plugins/", "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "portal"; issuer = "portal"; secret = "<your secret>"; };
	}
	meetauth_foreign_hosts = { "guest.meet.example.org" } -- its people may enter, too
	modules_enabled = { "admin_shell"; "websocket"; "bosh"; "smacks"; "muc_lobby_rooms"; "persistent_lobby"; }
	main_muc = "conference.meet.example.org"
	lobby_muc = "lobby.meet.example.org"

VirtualHost "guest.meet.example.org"
	authentication = "jitsi-anonymous" -- in Jitsi Meet's config.js: hosts.anonymousdomain = "guest.meet.example.org"
	modules_enabled = { "websocket"; "bosh"; "smacks"; "muc_lobby_rooms"; }
	main_muc = "conference.meet.example.org"
	lobby_muc = "lobby.meet.example.org"

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; "muc_wait_for_host"; "muc_resource_validate"; }
	wait_for_host_disable_auto_owners = true -- a token does not make everybody a moderator; its claim does
	anonymous_strict = true -- nobody can use another person's name in the room
	anonymous_auth_methods = { "anonymous"; "jitsi-anonymous"; "token"; "meetauth"; }
	muc_room_locking = false
	muc_room_default_public_jids = true

Component "lobby.meet.example.org" "muc"
	storage = "memory"
	restrict_room_creation = true
	muc_room_locking = false
	muc_room_default_public_jids = true
