-- For live specs: makes everybody an owner who joins a room called "auto...", as Jitsi's muc_allowners does.

module:hook("muc-occupant-joined", function (event)
	if not event.room.jid:find("^auto") then return; end
	event.room:set_affiliation(true, event.occupant.bare_jid, "owner");
end, 2);
