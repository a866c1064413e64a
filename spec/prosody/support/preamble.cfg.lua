-- What every live spec's Prosody has in common; the spec's own hosts follow it.
-- server.mjs says where things are, by environment.

data_path = ENV_PROSODY_DATA
certificates = ENV_PROSODY_DATA -- none, and none needed
plugin_paths = { ENV_PROSODY_PREFIX .. "/share/lua/5.4" }
log = { { levels = { min = ENV_PROSODY_LOG or "debug" }, to = "console" } }

modules_enabled = { "posix", "saslauth", "disco", "bosh", "websocket" }
modules_disabled = { "s2s", "s2s_auth_certs", "tls", "offline" }

interfaces = { "127.0.0.1" }
http_interfaces = { "127.0.0.1" }
http_ports = { ENV_PROSODY_HTTP_PORT }
https_ports = { }
c2s_ports = { }
c2s_direct_tls_ports = { }
c2s_require_encryption = false -- loopback only
