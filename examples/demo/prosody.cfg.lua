-- A whole Prosody for meetings: one host that both sorts of token open, Jitsi's and Daily's.
-- demo.mjs runs it as it stands. ENV_NAME is Prosody's way to read the environment variable NAME:
-- the places, the port and the two secrets come in that way.

-- Where things are
data_path = ENV_PROSODY_DATA
certificates = ENV_PROSODY_DATA
plugin_paths = { ENV_PROSODY_PREFIX .. "/share/lua/5.4" } -- where make install put meetauth
log = { { levels = { min = "info" }, to = "console" } }

-- What clients speak: BOSH and WebSocket on loopback. A public server puts TLS in front.
-- admin_shell lets prosodyctl in.
modules_enabled = { "posix", "saslauth", "disco", "bosh", "websocket", "admin_shell" }
modules_disabled = { "s2s", "s2s_auth_certs", "tls", "offline" }
http_interfaces = { "127.0.0.1" }
http_ports = { ENV_PROSODY_HTTP_PORT }
https_ports = { }
c2s_ports = { }
c2s_direct_tls_ports = { }
c2s_require_encryption = false

-- Who may log in: whoever brings a token of one of these two issuers.
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

-- Which room the token opens, and as what.
Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
