-- Prosody's hosts for a Jitsi whose users have ID tokens of Firebase Authentication.

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "firebase";
			issuer = "https://securetoken.google.com/example-meet"; -- ends with the project's id
			cache_keys_url = "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
			audience = "example-meet"; -- the keys sign for all projects: only iss and aud differ
			room = "tenant"; -- Firebase knows no rooms: a token opens all rooms without a tenant
			domain_verification = false; -- sub is the user's id, not a domain
			moderator = { claim = "moderator", values = { true } }; -- a custom claim
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
