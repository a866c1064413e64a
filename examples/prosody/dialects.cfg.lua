-- One host for links of two kinds: Jitsi tokens of a portal, and Daily tokens of another product.

plugin_paths = { "/usr/share/jitsi-meet/prosody-plugins/", "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "portal"; issuer = "portal"; secret = "<your secret>"; };
		{ id = "product"; dialect = "daily"; domain_id = "<your Daily domain_id>"; secret = "<your Daily API key>"; };
	}
	modules_enabled = { "admin_shell"; "websocket"; "bosh"; "smacks"; "muc_lobby_rooms"; "persistent_lobby"; }
	main_muc = "conference.meet.example.org"
	lobby_muc = "lobby.meet.example.org"

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	meetauth_exempt = { "recorder.meet.example.org" } -- Jibri has no token
	muc_room_locking = false
	muc_room_default_public_jids = true

Component "lobby.meet.example.org" "muc"
	storage = "memory"
	restrict_room_creation = true
	muc_room_locking = false
	muc_room_default_public_jids = true

VirtualHost "recorder.meet.example.org"
	authentication = "internal_hashed"
