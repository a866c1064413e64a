-- Prosody's hosts for a Jitsi whose people come with access tokens of Keycloak. The lines under the VirtualHost
-- are the same for Debian packages and for a plain Prosody; everything else is as small as it can be.

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	app_id = "https://sso.example.org/realms/meet" -- iss of the tokens: the realm
	signature_algorithm = "RS256"
	app_secret = [[
-----BEGIN PUBLIC KEY-----
<your realm's public key>
-----END PUBLIC KEY-----
]]
	asap_accepted_audiences = { "jitsi" } -- one of those in aud
	asap_require_room_claim = false -- Keycloak knows no rooms: a token opens all plain ones
	enable_domain_verification = false -- sub is the user's id, not a domain
	allow_empty_token = false
	modules_enabled = { "bosh"; "websocket"; }

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
