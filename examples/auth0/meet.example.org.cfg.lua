-- Prosody's hosts for a Jitsi whose users have access tokens of Auth0.

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "auth0";
			issuer = "https://example.eu.auth0.com/"; -- with the slash at its end, as in iss
			jwks_url = "https://example.eu.auth0.com/.well-known/jwks.json";
			algorithms = { "RS256" };
			audience = "https://meet.example.org"; -- the API's identifier
			room = "tenant"; -- Auth0 knows no rooms: a token opens all rooms without a tenant
			domain_verification = false; -- sub is the user's id, not a domain
			moderator = { claim = { "https://meet.example.org/roles" }, contains = "moderator" };
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
