-- Prosody's hosts for a Jitsi whose people come with access tokens of Keycloak. The lines under the VirtualHost
-- are the same for Debian packages and for a plain Prosody; everything else is as small as it can be.

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
			audience = "jitsi"; -- one of those in aud
			room = "tenant"; -- Keycloak knows no rooms: a token opens all plain ones
			domain_verification = false; -- sub is the user's id, not a domain
			moderator = { claim = "realm_access.roles", contains = "moderator" }; -- a realm role
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
