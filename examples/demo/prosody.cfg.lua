-- A complete Prosody for meetings. Its one host accepts tokens of Jitsi and of Daily.
-- demo.mjs runs this file unchanged. With ENV_NAME, Prosody reads the environment variable NAME.
-- The folders, the port and the two secrets come from such variables.

-- Folders
data_path = ENV_PROSODY_DATA
certificates = ENV_PROSODY_DATA
plugin_paths = { ENV_PROSODY_PREFIX .. "/share/lua/5.4" } -- make install puts meetauth into this folder
log = { { levels = { min = "info" }, to = "console" } }

-- Clients use BOSH and WebSocket on loopback. A public server needs a proxy with TLS in front.
-- admin_shell is needed for prosodyctl shell.
modules_enabled = { "posix", "saslauth", "disco", "bosh", "websocket", "admin_shell" }
modules_disabled = { "s2s", "s2s_auth_certs", "tls", "offline" }
http_interfaces = { "127.0.0.1" }
http_ports = { ENV_PROSODY_HTTP_PORT }
https_ports = { }
c2s_ports = { }
c2s_direct_tls_ports = { }
c2s_require_encryption = false

-- Users with a token of one of these two issuers can log in.
VirtualHost "meet.example"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "portal";
			dialect = "jitsi";
			issuer = "portal";
			audience = "jitsi";
			secret = ENV_PORTAL_SECRET;
		};
		{
			id = "acme";
			dialect = "daily";
			domain_id = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";
			secret = ENV_ACME_SECRET;
		};
	}

-- muc_meetauth decides which room a token opens, and with which rights.
Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
