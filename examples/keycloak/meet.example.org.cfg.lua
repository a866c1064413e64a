-- Prosody's hosts for a Jitsi Meet. Its users log in with access tokens of Keycloak. The lines under the
-- VirtualHost fit Jitsi's Debian packages and a Prosody without Jitsi. The rest of the file is as short as possible.

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "keycloak";
			issuer = "https://sso.example.org/realms/meet"; -- the realm's address, as in iss
			jwks_url = "https://sso.example.org/realms/meet/protocol/openid-connect/certs";
			algorithms = { "RS256" };
			audience = "jitsi"; -- one of the values in aud
			room = "tenant"; -- Keycloak tokens name no room: a token opens all rooms without a tenant
			domain_verification = false; -- sub is the user's id, not a domain
			moderator = { claim = "realm_access.roles", contains = "moderator" }; -- a realm role
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
