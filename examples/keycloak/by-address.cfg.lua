-- Like meet.example.org.cfg.lua, with the realm's address alone. Its iss and the address of its keys are read from the
-- realm's own document, <address>/.well-known/openid-configuration.

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "keycloak";
			oidc_url = "https://sso.example.org/realms/meet";
			algorithms = { "RS256" };
			audience = "jitsi";
			room = "tenant";
			domain_verification = false;
			moderator = { claim = "realm_access.roles", contains = "moderator" };
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; "smacks"; }

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
