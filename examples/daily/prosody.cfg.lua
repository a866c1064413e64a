<<<<<<< HEAD
-- A complete Prosody for a product that signs Daily meeting tokens. With ENV_NAME, Prosody reads the environment
-- variable NAME. The folders, the port, the domain's id and the API key come from such variables.
=======
-- A whole Prosody for a product that signs Daily meeting tokens. Prosody reads the environment variable NAME as
-- ENV_NAME: here the folders, the port, the domain's id and the API key.
>>>>>>> h23a

-- Folders
data_path = ENV_PROSODY_DATA
certificates = ENV_PROSODY_DATA
<<<<<<< HEAD
plugin_paths = { ENV_PROSODY_PREFIX .. "/share/lua/5.4" } -- make install puts meetauth into this folder
log = { { levels = { min = "info" }, to = "console" } }

-- Clients use BOSH and WebSocket on loopback. A public server needs a proxy with TLS in front.
=======
plugin_paths = { ENV_PROSODY_PREFIX .. "/share/lua/5.4" } -- the folder of make install
log = { { levels = { min = "info" }, to = "console" } }

-- BOSH and WebSocket for clients, on loopback. On a public server, put TLS in front.
>>>>>>> h23a
modules_enabled = { "posix", "saslauth", "disco", "bosh", "websocket", "smacks" }
modules_disabled = { "s2s", "s2s_auth_certs", "tls", "offline" }
http_interfaces = { "127.0.0.1" }
http_ports = { ENV_PROSODY_HTTP_PORT }
https_ports = { }
<<<<<<< HEAD
http_default_host = "meet.example" -- for requests to any host name
=======
http_default_host = "meet.example" -- for requests with any host name
>>>>>>> h23a
c2s_ports = { }
c2s_direct_tls_ports = { }
c2s_require_encryption = false

VirtualHost "meet.example"
<<<<<<< HEAD
	modules_enabled = { "http_meetauth" } -- Daily's REST interface at /v1/, which can sign tokens
=======
	modules_enabled = { "http_meetauth" } -- Daily's REST interface at /v1/, for tokens by REST
>>>>>>> h23a
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "acme";
			dialect = "daily";
<<<<<<< HEAD
			domain_id = ENV_DAILY_DOMAIN_ID; -- GET https://api.daily.co/v1/ returns it
			secret = ENV_DAILY_API_KEY; -- the text of the key, not decoded
			recording = { "cloud" }; -- the recording modes that the rooms or the domain had at Daily
			unique_users = true; -- works as enforce_unique_user_ids
			redirect_hosts = { "app.example", "*.app.example" };
		};
	}
	meetauth_http_keys = { acme = ENV_DAILY_API_KEY } -- one key for both, as at Daily. A separate key is safer
=======
			domain_id = ENV_DAILY_DOMAIN_ID; -- GET https://api.daily.co/v1/ shows it
			secret = ENV_DAILY_API_KEY; -- the key's text, never decoded
			recording = { "cloud" }; -- the modes that were on at Daily
			unique_users = true; -- like enforce_unique_user_ids
			redirect_hosts = { "app.example", "*.app.example" };
		};
	}
	meetauth_http_keys = { acme = ENV_DAILY_API_KEY } -- this key, as at Daily; a separate key is better
>>>>>>> h23a

Component "conference.meet.example" "muc"
	modules_enabled = { "muc_meetauth" }
	muc_room_locking = false
