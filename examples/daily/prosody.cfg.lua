-- A whole Prosody for a product that signs Daily meeting tokens. Prosody reads the environment variable NAME as
-- ENV_NAME: here the folders, the port, the domain's id and the API key.

-- Folders
data_path = ENV_PROSODY_DATA
certificates = ENV_PROSODY_DATA
plugin_paths = { ENV_PROSODY_PREFIX .. "/share/lua/5.4" } -- the folder of make install
log = { { levels = { min = "info" }, to = "console" } }

-- BOSH and WebSocket for clients, on loopback. On a public server, put TLS in front.
modules_enabled = { "posix", "saslauth", "disco", "bosh", "websocket", "smacks" }
modules_disabled = { "s2s", "s2s_auth_certs", "tls", "offline" }
http_interfaces = { "127.0.0.1" }
http_ports = { ENV_PROSODY_HTTP_PORT }
https_ports = { }
http_default_host = "meet.example" -- for requests with any host name
c2s_ports = { }
c2s_direct_tls_ports = { }
c2s_require_encryption = false

VirtualHost "meet.example"
	modules_enabled = { "http_meetauth" } -- Daily's REST interface at /v1/, for tokens by REST
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "acme";
			dialect = "daily";
			domain_id = ENV_DAILY_DOMAIN_ID; -- GET https://api.daily.co/v1/ shows it
			secret = ENV_DAILY_API_KEY; -- the key's text, never decoded
			recording = { "cloud" }; -- the modes that were on at Daily
			unique_users = true; -- like enforce_unique_user_ids
			redirect_hosts = { "app.example", "*.app.example" };
		};
	}
	meetauth_http_keys = { acme = ENV_DAILY_API_KEY } -- this key, as at Daily; a separate key is better

Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
