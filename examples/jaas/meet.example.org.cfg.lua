-- Prosody's hosts for your own Jitsi, with tokens in the form of 8x8's JaaS.

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "jaas";
			issuer = "chat";
			audience = "jitsi";
			asap_url = "https://keys.example.org/jaas"; -- has the files <hex of the SHA-256 of kid>.pem
			rooms = { "[vpaas-magic-cookie-*]*" }; -- the tenant is sub; no plain rooms
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
