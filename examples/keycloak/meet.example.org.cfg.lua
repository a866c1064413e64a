-- Prosody's hosts for a Jitsi whose users have access tokens of Keycloak. The lines under the VirtualHost work with
-- Debian packages and with a plain Prosody. All other parts are as small as possible.

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "keycloak";
			issuer = "https://sso.example.org/realms/meet"; -- iss of the tokens: the realm
			jwks_url = "https://sso.example.org/realms/meet/protocol/openid-connect/certs";
			algorithms = { "RS256" };
			audience = "jitsi"; -- one member of aud
			room = "tenant"; -- Keycloak knows no rooms: a token opens all rooms without a tenant
			domain_verification = false; -- sub is the user's id, not a domain
			moderator = { claim = "realm_access.roles", contains = "moderator" }; -- a realm role
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
