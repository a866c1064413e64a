-- /etc/prosody/conf.avail/meet.example.org.cfg.lua of a plain Prosody, without Jitsi: one host whose users have
-- tokens of a portal, and its rooms.

plugin_paths = { "/usr/local/share/lua/5.4" } -- the folder of make install

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "portal"; issuer = "portal"; secret = "<your secret>"; };
	}
	modules_enabled = { "admin_shell"; "websocket"; "bosh"; "smacks"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
