-- Prosody's hosts for a Jitsi whose users have access tokens of Microsoft Entra ID (Azure AD).

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "azure"; -- write the directory's id into both addresses
			issuer = "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0";
			jwks_url = "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/discovery/v2.0/keys";
			algorithms = { "RS256" }; -- the keys name no algorithm
			audience = "00001111-aaaa-2222-bbbb-3333cccc4444"; -- the application's id
			room = "tenant"; -- Entra knows no rooms: a token opens all rooms without a tenant
			domain_verification = false; -- sub is the user's id, not a domain
			moderator = { claim = "roles", contains = "Meeting.Moderate" }; -- an app role
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
