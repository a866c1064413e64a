-- /etc/prosody/conf.avail/meet.example.org.cfg.lua: the hosts and components of Jitsi's Debian packages.
-- Lines with the comment "meetauth" differ from the lines of the packages.

plugin_paths = { "/usr/share/jitsi-meet/prosody-plugins/", "/usr/local/share/lua/5.4" } -- meetauth: the second folder

muc_mapper_domain_base = "meet.example.org";

external_service_secret = "<your TURN secret>";
external_services = {
	{ type = "stun", host = "meet.example.org", port = 3478 },
	{ type = "turn", host = "meet.example.org", port = 3478, transport = "udp", secret = true, ttl = 86400, algorithm = "turn" },
	{ type = "turns", host = "meet.example.org", port = 5349, transport = "tcp", secret = true, ttl = 86400, algorithm = "turn" }
};

cross_domain_bosh = false;
consider_bosh_secure = true;
consider_websocket_secure = true;

unlimited_jids = { "focusUser@auth.meet.example.org", "jvb@auth.meet.example.org" }

VirtualHost "meet.example.org"
	authentication = "meetauth" -- meetauth: was "token"
	--[[ An upgrade of jitsi-meet-tokens does not change this file if it finds the next line, here in a comment:
	authentication = "token" -- do not delete me
	]]
	app_id = "portal"
	app_secret = "<your secret>"
	ssl = {
		key = "/etc/prosody/certs/meet.example.org.key";
		certificate = "/etc/prosody/certs/meet.example.org.crt";
	}
	modules_enabled = {
		"bosh";
		"websocket";
		"smacks";
		"ping";
		"external_services";
		"features_identity";
		"conference_duration";
		"muc_lobby_rooms";
		"persistent_lobby"; -- meetauth: makes a lobby for people who must wait in a room without one
		"muc_breakout_rooms";
	}
	c2s_require_encryption = false
	lobby_muc = "lobby.meet.example.org"
	breakout_rooms_muc = "breakout.meet.example.org"
	main_muc = "conference.meet.example.org"

Component "conference.meet.example.org" "muc"
	restrict_room_creation = true
	storage = "memory"
	modules_enabled = {
		"muc_hide_all";
		"muc_meeting_id";
		"muc_domain_mapper";
		"polls";
		"muc_meetauth"; -- meetauth: was "token_verification"; delete "token_affiliation"
		"muc_rate_limit";
		"muc_password_whitelist";
	}
	admins = { "focusUser@auth.meet.example.org" }
	muc_password_whitelist = { "focusUser@auth.meet.example.org" }
	meetauth_exempt = { "recorder.meet.example.org" } -- meetauth: Jibri has no token
	muc_room_locking = false
	muc_room_default_public_jids = true

Component "breakout.meet.example.org" "muc"
	restrict_room_creation = true
	storage = "memory"
	modules_enabled = {
		"muc_hide_all";
		"muc_meeting_id";
		"muc_domain_mapper";
		"muc_rate_limit";
		"polls";
	}
	admins = { "focusUser@auth.meet.example.org" }
	muc_room_locking = false
	muc_room_default_public_jids = true

Component "internal.auth.meet.example.org" "muc"
	storage = "memory"
	restrict_room_creation = true -- meetauth: otherwise every bearer of a token can make rooms here
	modules_enabled = { "muc_hide_all"; "ping"; }
	admins = { "focusUser@auth.meet.example.org", "jvb@auth.meet.example.org" }
	muc_room_locking = false
	muc_room_default_public_jids = true

VirtualHost "auth.meet.example.org"
	modules_enabled = { "limits_exception"; "smacks"; }
	authentication = "internal_hashed"
	smacks_hibernation_time = 15;

VirtualHost "recorder.meet.example.org"
	modules_enabled = { "smacks"; }
	authentication = "internal_hashed"

Component "focus.meet.example.org" "client_proxy"
	target_address = "focusUser@auth.meet.example.org"

Component "speakerstats.meet.example.org" "speakerstats_component"
	muc_component = "conference.meet.example.org"

Component "endconference.meet.example.org" "end_conference"
	muc_component = "conference.meet.example.org"

Component "lobby.meet.example.org" "muc"
	storage = "memory"
	restrict_room_creation = true
	modules_enabled = { "muc_hide_all"; "muc_rate_limit"; "polls"; }
	muc_room_locking = false
	muc_room_default_public_jids = true

Component "avmoderation.meet.example.org" "av_moderation_component"
	muc_component = "conference.meet.example.org"

Component "metadata.meet.example.org" "room_metadata_component"
	muc_component = "conference.meet.example.org"
	breakout_rooms_component = "breakout.meet.example.org"
