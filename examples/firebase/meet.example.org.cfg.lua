<<<<<<< HEAD
-- Prosody's hosts for a Jitsi Meet. Its users log in with ID tokens of Firebase Authentication.
=======
-- Prosody's hosts for a Jitsi whose users have ID tokens of Firebase Authentication.
>>>>>>> h23a

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "firebase";
<<<<<<< HEAD
			issuer = "https://securetoken.google.com/example-meet"; -- the last part is the project's id
			cache_keys_url = "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
			audience = "example-meet"; -- all projects share the keys, so only iss and aud name the project
			room = "tenant"; -- Firebase tokens name no room: a token opens all rooms without a tenant
=======
			issuer = "https://securetoken.google.com/example-meet"; -- ends with the project's id
			cache_keys_url = "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
			audience = "example-meet"; -- the keys sign for all projects: only iss and aud differ
			room = "tenant"; -- Firebase knows no rooms: a token opens all rooms without a tenant
>>>>>>> h23a
			domain_verification = false; -- sub is the user's id, not a domain
			moderator = { claim = "moderator", values = { true } }; -- a custom claim
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
