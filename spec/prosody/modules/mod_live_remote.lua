-- For live specs: what would go to another server, told in the log, where no connection is made.

module:set_global();

local function tell(event)
	module:log("info", "spec remote: %s to %s by %s", event.stanza.name, event.stanza.attr.to, event.stanza.attr.from);
	return true;
end

function module.add_host(host)
	host:hook("route/remote", tell, -100);
end
