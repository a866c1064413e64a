-- For the Daily specs: makes everybody an owner who joins a room called "auto...", as Jitsi's muc_allowners and
-- muc_wait_for_host do; counts what Jitsi's room metadata module would be told.

module:hook("muc-occupant-joined", function (event)
	if not event.room.jid:find("^auto") then return; end
	event.room:set_affiliation(true, event.occupant.bare_jid, "owner");
end, 2);

module:hook("room-metadata-changed", function (event)
	event.room.spec_metadata = (event.room.spec_metadata or 0) + 1;
end);
