-- A whole Prosody for a product that signs Daily meeting tokens. ENV_NAME is Prosody's way to read the environment
-- variable NAME: the places, the port, the domain's id and the API key come in that way.

-- Where things are
data_path = ENV_PROSODY_DATA
certificates = ENV_PROSODY_DATA
plugin_paths = { ENV_PROSODY_PREFIX .. "/share/lua/5.4" } -- where make install put meetauth
log = { { levels = { min = "info" }, to = "console" } }

-- What clients speak: BOSH and WebSocket on loopback. A public server puts TLS in front.
modules_enabled = { "posix", "saslauth", "disco", "bosh", "websocket", "smacks" }
modules_disabled = { "s2s", "s2s_auth_certs", "tls", "offline" }
http_interfaces = { "127.0.0.1" }
http_ports = { ENV_PROSODY_HTTP_PORT }
https_ports = { }
http_default_host = "meet.example" -- whatever name a request is sent to
c2s_ports = { }
c2s_direct_tls_ports = { }
c2s_require_encryption = false

VirtualHost "meet.example"
	modules_enabled = { "http_meetauth" } -- Daily's REST interface at /v1/, for who mints tokens by it
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "acme";
			dialect = "daily";
			domain_id = ENV_DAILY_DOMAIN_ID; -- GET https://api.daily.co/v1/ tells it
			secret = ENV_DAILY_API_KEY; -- the key's text as it is, never decoded
			recording = { "cloud" }; -- what the rooms or the domain had switched on at Daily
			unique_users = true; -- as enforce_unique_user_ids
			redirect_hosts = { "app.example", "*.app.example" };
		};
	}
	meetauth_http_keys = { acme = ENV_DAILY_API_KEY } -- the same key, as at Daily; one of its own is better

Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
