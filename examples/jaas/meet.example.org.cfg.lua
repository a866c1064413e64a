<<<<<<< HEAD
-- Prosody's hosts for your own Jitsi Meet. Its tokens have the form of tokens for 8x8's JaaS.
=======
-- Prosody's hosts for your own Jitsi, with tokens in the form of 8x8's JaaS.
>>>>>>> h23a

plugin_paths = { "/usr/local/share/lua/5.4" }
muc_mapper_domain_base = "meet.example.org"

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{
			id = "jaas";
			issuer = "chat";
			audience = "jitsi";
<<<<<<< HEAD
			asap_url = "https://keys.example.org/jaas"; -- the keys are in <SHA-256 of kid in hex>.pem below this address
			rooms = { "[vpaas-magic-cookie-*]*" }; -- sub is the tenant. Rooms without a tenant are not open
=======
			asap_url = "https://keys.example.org/jaas"; -- has the files <hex of the SHA-256 of kid>.pem
			rooms = { "[vpaas-magic-cookie-*]*" }; -- sub is the tenant. Rooms without a tenant are not open
>>>>>>> h23a
		};
	}
	modules_enabled = { "admin_shell"; "bosh"; "websocket"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
