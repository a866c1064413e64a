-- /etc/prosody/conf.avail/meet.example.org.cfg.lua of a Prosody without Jitsi. It has one host and its rooms.
-- Its users log in with tokens of a portal.

plugin_paths = { "/usr/local/share/lua/5.4" } -- make install puts meetauth into this folder

VirtualHost "meet.example.org"
	authentication = "meetauth"
	meetauth_issuers = {
		{ id = "portal"; issuer = "portal"; secret = "<your secret>"; };
	}
	modules_enabled = { "admin_shell"; "websocket"; "bosh"; "smacks"; } -- admin_shell: for prosodyctl shell meetauth

Component "conference.meet.example.org" "muc"
	modules_enabled = { "muc_meetauth"; }
	muc_room_locking = false
