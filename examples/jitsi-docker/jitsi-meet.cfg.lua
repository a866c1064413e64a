-- The part of Prosody's configuration that docker-jitsi-meet makes from the variables in env. Do not edit it: the
-- image writes it again at every start. The names are the image's internal names.

admins = { "focus@auth.meet.jitsi", "jvb@auth.meet.jitsi" }
plugin_paths = { "/prosody-plugins-custom", "/prosody-plugins/" }
modules_enabled = {
	"saslauth";
	"disco";
	"posix";
	"admin_shell"; -- GLOBAL_MODULES
}

muc_mapper_domain_base = "meet.jitsi";
muc_mapper_domain_prefix = "muc";
http_default_host = "meet.jitsi"
consider_bosh_secure = true;
consider_websocket_secure = true;

asap_accepted_issuers = { "portal" }
asap_accepted_audiences = { "jitsi" }

VirtualHost "meet.jitsi"
	authentication = "meetauth" -- JWT_AUTH_TYPE
	app_id = "portal"
	app_secret = "<your secret>"
	allow_empty_token = false
	enable_domain_verification = true
	ssl = {
		key = "/config/certs/meet.jitsi.key";
		certificate = "/config/certs/meet.jitsi.crt";
	}
	modules_enabled = {
		"bosh";
		"websocket";
		"smacks";
		"features_identity";
		"conference_duration";
		"muc_lobby_rooms";
		"muc_breakout_rooms";
		"persistent_lobby"; -- XMPP_MODULES
	}
	main_muc = "muc.meet.jitsi"
	lobby_muc = "lobby.meet.jitsi"
	breakout_rooms_muc = "breakout.meet.jitsi"
	c2s_require_encryption = false

VirtualHost "auth.meet.jitsi"
	modules_enabled = { "limits_exception"; "smacks"; }
	authentication = "internal_hashed"

Component "internal-muc.meet.jitsi" "muc"
	storage = "memory"
	modules_enabled = { "muc_hide_all"; }
	restrict_room_creation = true
	muc_room_locking = false
	muc_room_default_public_jids = true

Component "muc.meet.jitsi" "muc"
	restrict_room_creation = true
	storage = "memory"
	modules_enabled = {
		"muc_hide_all";
		"muc_meeting_id";
		"muc_meetauth"; -- JWT_TOKEN_AUTH_MODULE
		"polls";
		"muc_domain_mapper";
		"muc_password_whitelist";
	}
	muc_room_cache_size = 10000
	muc_room_locking = false
	muc_room_default_public_jids = true
	muc_password_whitelist = { "focus@auth.meet.jitsi" }

Component "focus.meet.jitsi" "client_proxy"
	target_address = "focus@auth.meet.jitsi"

Component "speakerstats.meet.jitsi" "speakerstats_component"
	muc_component = "muc.meet.jitsi"

Component "endconference.meet.jitsi" "end_conference"
	muc_component = "muc.meet.jitsi"

Component "lobby.meet.jitsi" "muc"
	storage = "memory"
	restrict_room_creation = true
	muc_room_locking = false
	muc_room_default_public_jids = true
	modules_enabled = { "muc_hide_all"; }

Component "breakout.meet.jitsi" "muc"
	storage = "memory"
	restrict_room_creation = true
	muc_room_locking = false
	muc_room_default_public_jids = true
	modules_enabled = { "muc_hide_all"; "muc_meeting_id"; "polls"; }

Component "avmoderation.meet.jitsi" "av_moderation_component"
	muc_component = "muc.meet.jitsi"

Component "metadata.meet.jitsi" "room_metadata_component"
	muc_component = "muc.meet.jitsi"
	breakout_rooms_component = "breakout.meet.jitsi"
