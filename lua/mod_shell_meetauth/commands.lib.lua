-- commands: rows of name, arguments and what to do. Arguments are strings or absent; a command prints by its
-- session and returns true and a last line, or nil and what is wrong.

local jid_host = require "util.jid".host;
local jid_prep = require "util.jid".prep;
local random_bytes = require "util.random".bytes;
local time_now = require "util.time".now;

local cells = require "meetauth.page.cells";
local json = require "meetauth.util.json";
local names_of = require "meetauth.util.list".names;
local oddities = require "meetauth.server.oddities";
local reasons = require "meetauth.reasons";
local refusals = require "meetauth.server.refusals";

local bans = module:require "bans";
local help = module:require "help";
local output = module:require "output";
local who = module:require "who";

local hosts = prosody.hosts;
local kept = refusals.keeper(module:shared("/*/meetauth/refusals"), random_bytes);
local kept_oddities = oddities.keeper(module:shared("/*/meetauth/oddities"));

local LINE_MAX = 1000; -- characters behind the name of a line: a hint ends with what to write
local LATEST = 20; -- shown, unless told otherwise
local REVOKED_MAX = 1000; -- of a host, shown

-- The environments of mod_auth_meetauth on the host of that name or, without a name, on all hosts. They are in the order of
-- their names, as { host, auth }.
local function loaded_on(name)
	local list = {};
	for host, known in pairs(hosts) do
		local auth = known.modules and known.modules.auth_meetauth;
		if auth and (name == nil or name == host) then list[#list + 1] = { host = host, auth = auth }; end
	end
	table.sort(list, function (a, b) return a.host < b.host; end);
	if list[1] then return list; end
	return nil, name and "auth_meetauth is not loaded on " .. output.cell(name) or "no host loads auth_meetauth";
end

-- The one host that is meant.
local function the_host(name)
	local list, problem = loaded_on(name);
	if not list then return nil, problem; end
	if list[2] then return nil, "several hosts load auth_meetauth. Name one of them"; end
	return list[1].auth, list[1].host;
end

local function moment(at)
	return ("%s, %s ago"):format(output.time(at), output.span(time_now() - at));
end

local function why(self, ref)
	if type(ref) ~= "string" then return nil, "expected a reference, which is shown after the reason on the screen"; end
	local found = kept:find(ref);
	if not found then return nil, refusals.UNKNOWN; end
	local reason = reasons.by_word[found.reason] or {};
	for _, row in ipairs({
		{ "reason", found.reason }, { "meaning", reason.meaning }, { "usual cause", reasons.cause(found.reason, found.dialect) },
		{ "hint", refusals.hint_now(found, time_now()) },
		{ "check", found.check }, { "expected", found.expected and cells.expected(found) }, { "found", found.found },
		{ "stage", ("%s at %s"):format(found.stage, found.host) },
		{ "entry", found.entry and ("%s (%s)"):format(found.entry, found.dialect or "-") },
		{ "algorithm", found.alg }, { "kid", found.kid },
		{ "times", found.count }, { "first", moment(found.first) }, { "last", moment(found.last) },
	}) do
		if row[2] then self.session.print(("%-12s %s"):format(row[1], output.cell(row[2], LINE_MAX))); end
	end
	return true, found.reason;
end

-- Whether a refusal at one host is another one's: its own, or in its rooms.
local function is_of(at, host)
	local rooms = hosts[at] and hosts[at].modules.muc_meetauth;
	return at == host or rooms ~= nil and rooms.base == host;
end

-- The last of what a keeper has, of all hosts or of one, as a table: a head, and row_of() one of them.
local function show_latest(print, keeper, host, count, head, row_of)
	if tonumber(host) then host, count = nil, host; end
	if host and not hosts[host] then
		local function has_ours(name) return hosts[name].modules.auth_meetauth or hosts[name].modules.muc_meetauth; end
		local names = names_of(hosts, has_ours);
		return nil, ("this server has no host %s. meetauth is on %s"):format(output.cell(host), table.concat(names, ", "));
	end
	local wanted = math.tointeger(tonumber(count or LATEST));
	if not wanted or wanted < 1 then return nil, "count: expected a whole number, 1 or more"; end
	local rows = { head };
	for _, one in ipairs(keeper:latest(wanted, host and function (known) return is_of(known.host, host); end)) do
		rows[#rows + 1] = row_of(one);
	end
	if rows[2] then output.rows(print, rows); end
	return #rows - 1;
end

local function denials(self, host, count)
	local head = { "last", "first", "times", "ref", "stage", "host", "entry", "reason", "hint" };
	local shown, problem = show_latest(self.session.print, kept, host, count, head, function (one)
		return {
			output.time(one.last), output.time(one.first), one.count, one.ref, one.stage, one.host, one.entry, one.reason,
			refusals.hint_now(one, time_now()),
		};
	end);
	if not shown then return nil, problem; end
	return true, output.count(shown, "refusal");
end

local function odd_ones(self, host, count)
	local head = { "last", "first", "times", "host", "entry", "problem" };
	local shown, problem = show_latest(self.session.print, kept_oddities, host, count, head, function (one)
		return { output.time(one.last), output.time(one.first), one.count, one.host, one.entry, one.words };
	end);
	if not shown then return nil, problem; end
	return true, output.count(shown, "odd thing");
end

local function keys(self, name)
	local list, problem = loaded_on(name);
	if not list then return nil, problem; end
	local rows, now = { { "host", "entry", "kid", "alg", "source", "state", "age", "uses", "last used", "at" } }, time_now();
	local failing = { { "host", "entry", "source", "failure", "at" } };
	for _, on in ipairs(list) do
		local known, missing = on.auth.keys_status();
		for _, key in ipairs(known) do
			rows[#rows + 1] = {
				on.host, key.entry, key.kid, key.alg, key.source, key.state, key.age and output.span(key.age), key.uses,
				key.last_used and output.span(now - key.last_used) .. " ago", key.at,
			};
		end
		for _, one in ipairs(missing or {}) do failing[#failing + 1] = { on.host, one.entry, one.source, one.why, one.at }; end
	end
	output.rows(self.session.print, rows);
	if failing[2] then output.rows(self.session.print, failing); end
	return true, output.count(#rows - 1, "key");
end

local function kept_keys(self, digest, name)
	if type(digest) ~= "string" or not digest:find("^%x+$") or #digest ~= 64 then
		return nil, "expected the SHA-256 of an address, in 64 hexadecimal digits";
	end
	local auth, problem = the_host(name);
	if not auth then return nil, problem; end
	local record = auth.kept_keys(digest:lower());
	if not record then return nil, "no keys of this address are stored"; end
	self.session.print(json.encode(record));
	return true, "kept";
end

local function refresh(_, entry, name)
	local list, problem = loaded_on(name);
	if not list then return nil, problem; end
	local count = 0;
	for _, on in ipairs(list) do count = count + on.auth.keys_refresh(entry); end
	if count == 0 then return nil, "no entry has this name and a key source"; end
	return true, output.count(count, "source") .. " asked";
end

local numbers = { issued_before = true, expires = true };

-- "name=value" words into a table; host is the command's own.
local function read_options(...)
	local options, host = {}, nil;
	for _, word in ipairs({ ... }) do
		local name, value = word:match("^([%l_]+)=(.+)$");
		if not name then return nil, ("options: found %q, expected name=value"):format(word); end
		if name == "host" then host = value; else options[name] = numbers[name] and tonumber(value) or value; end
	end
	return options, host;
end

local function revoke(_, kind, value, ...)
	local options, name = read_options(...);
	if not options then return nil, name; end
	local auth, problem = the_host(name);
	if not auth then return nil, problem; end
	local one, refused = auth.revoke(kind, value, options);
	if not one then return nil, refused; end
	local entry = kind == "entry" and value or options.entry;
	return true, ("revoked with the id %s, %s%s"):format(one.id, one.ends and "until " .. output.time(one.ends) or "permanently",
		entry and not auth.has_entry(entry) and " (the configuration has no entry of this name)" or "");
end

local function revoked(self, name)
	local list, problem = loaded_on(name);
	if not list then return nil, problem; end
	local rows, count = { { "host", "id", "kind", "value", "entry", "issued before", "since", "ends" } }, 0;
	for _, on in ipairs(list) do
		count = count + on.auth.revoked_count();
		for _, one in ipairs(on.auth.revoked(REVOKED_MAX)) do
			rows[#rows + 1] = {
				on.host, one.id, one.kind, one.value, one.entry, one.issued_before and output.time(one.issued_before),
				output.time(one.since), one.ends and output.time(one.ends),
			};
		end
	end
	if rows[2] then output.rows(self.session.print, rows); end
	return true, output.count(count, "revocation") .. (count > #rows - 1 and (", the newest %d above"):format(#rows - 1) or "");
end

local function unrevoke(_, id, name)
	local auth, problem = the_host(name);
	if not auth then return nil, problem; end
	local done, refused = auth.unrevoke(id);
	if not done then return nil, refused; end
	return true, "not revoked any more";
end

-- The environments of mod_muc_meetauth, in the order of their names: of all components, of this component, or of this
-- host's components.
local function rooms_of(name)
	local list = {};
	for host, known in pairs(hosts) do
		local rooms = known.modules and known.modules.muc_meetauth;
		if rooms and (name == nil or is_of(host, name)) then list[#list + 1] = { host = host, rooms = rooms }; end
	end
	table.sort(list, function (a, b) return a.host < b.host; end);
	if list[1] then return list; end
	return nil, "no MUC component " .. (name and "of " .. output.cell(name) .. " " or "") .. "loads muc_meetauth";
end

local function kicked(self, name)
	local list, problem = rooms_of(name);
	if not list then return nil, problem; end
	local rows = { { "id", "room", "user", "nick", "entry", "ends in" } };
	for _, on in ipairs(list) do
		for _, one in ipairs(on.rooms.kicked()) do
			rows[#rows + 1] = { one.id, one.room, one.user, one.nick, one.entry, output.span(one.left) };
		end
	end
	if rows[2] then output.rows(self.session.print, rows); end
	return true, output.count(#rows - 1, "kick");
end

local wishes = { as = true, name = true, moderator = true };

local function invite(self, address, ...)
	local options, problem = read_options(...);
	if not options then return nil, problem; end
	for name in pairs(options) do
		if not wishes[name] then return nil, ("options: found %q, expected as, name, moderator"):format(name); end
	end
	if options.moderator and options.moderator ~= "true" then return nil, "moderator: expected true, or no moderator option"; end
	local jid = jid_prep(address);
	local host = jid and hosts[jid_host(jid) or ""];
	local rooms = host and host.modules.muc_meetauth;
	if not rooms then return nil, "expected a room such as standup@conference.meet.example"; end
	local invited, refused = rooms.invite(jid, { as = options.as, name = options.name, moderator = options.moderator == "true" });
	if not invited then return nil, refused; end
	self.session.print(invited.link);
	return true, "valid until " .. output.time(invited.expires);
end

local function readmit(_, id)
	local list, problem = rooms_of();
	if not list then return nil, problem; end
	if not list[1].rooms.readmit(math.tointeger(tonumber(id))) then return nil, "no kick has this id. Run the command kicked to "
		.. "list the ids"; end
	return true, "can enter again";
end

-- The host that is meant, of the hosts with a console.
local function console_of(name)
	local names = names_of(hosts, function (host) return hosts[host].modules.console_meetauth; end);
	if name and not hosts[name] or name and not hosts[name].modules.console_meetauth then
		return nil, ("%s has no console: add \"console_meetauth\" to its modules_enabled"):format(output.cell(name));
	end
	if not names[1] then return nil, "no host has a console: add \"console_meetauth\" to its modules_enabled"; end
	if not name and names[2] then return nil, "several hosts have a console: name one of " .. table.concat(names, ", "); end
	return hosts[name or names[1]].modules.console_meetauth;
end

local function open_console(self, name)
	local console, problem = console_of(name);
	if not console then return nil, problem; end
	local addresses, refused = console.console_addresses();
	if not addresses then return nil, refused; end
	for _, address in ipairs(addresses) do self.session.print(address); end
	return true, "good once, for ten minutes";
end

-- "9 expired, 5 room-mismatch"
local function told(counts)
	local words = {};
	for reason in pairs(counts) do words[#words + 1] = reason; end
	table.sort(words, function (a, b) return counts[a] > counts[b] or counts[a] == counts[b] and a < b; end);
	for i, reason in ipairs(words) do words[i] = ("%d %s"):format(counts[reason], reason); end
	return words[1] and table.concat(words, ", ");
end

local function report(self, name)
	local list, problem = loaded_on(name);
	if not list then return nil, problem; end
	local rows, accepted, refused = { { "host", "entry", "accepted", "refused", "differs", "reasons" } }, 0, 0;
	for _, on in ipairs(list) do
		for _, one in ipairs(on.auth.observe_report()) do
			rows[#rows + 1] = { on.host, one.entry, one.accepted, one.refused, one.differs, told(one.reasons) };
			accepted, refused = accepted + one.accepted, refused + one.refused;
		end
	end
	if rows[2] then output.rows(self.session.print, rows); end
	return true, ("observing entries would have accepted %d and refused %d"):format(accepted, refused);
end

local function words(...)
	local args = {};
	for i, name in ipairs({ ... }) do args[i] = { name = name, type = "string" }; end
	return args;
end

---@type { name: string, args: table[], desc: string, run: function }[]
local list;

local function show_help(self)
	help.show(self.session.print, list);
	return true, output.count(#list, "command");
end

list = {
	{ name = "why", args = words("ref"), run = why, desc = "Show why the login or join with this reference was refused" };
	{ name = "denials", args = words("host", "count"), run = denials, desc = "List the last refusals, newest first" };
	{ name = "oddities", args = words("host", "count"), run = odd_ones, desc = "List what looked wrong in accepted tokens" };
	{ name = "who", args = words("room"), run = who.show, desc = "List the people in a room, with their "
		.. "rights and the origin of each right" };
	{ name = "keys", args = words("host"), run = keys, desc = "List the keys in use and their sources" };
	{ name = "kept", args = words("digest", "host"), run = kept_keys,
		desc = "Print the stored keys of a key address as JSON. meetauth explain uses this" };
	{ name = "refresh", args = words("entry", "host"), run = refresh, desc = "Ask the key sources of an entry for new keys now" };
	{ name = "revoke", args = words("kind", "value", "options"), run = revoke,
		desc = "Revoke tokens by jti, sub, user or entry. Options: entry=, issued_before=, expires=, host=" };
	{ name = "revoked", args = words("host"), run = revoked, desc = "List the revocations" };
	{ name = "unrevoke", args = words("id", "host"), run = unrevoke, desc = "Cancel a revocation" };
	{ name = "kicked", args = words("host"), run = kicked, desc = "List the users whom moderators removed "
		.. "from rooms, and for how long" };
	{ name = "readmit", args = words("id"), run = readmit, desc = "Let a removed user enter again" };
	{ name = "bans", args = words(), run = bans.show, desc = "List the users whom back ends banned from rooms by REST" };
	{ name = "unban", args = words("user", "room"), run = bans.lift, desc = "Cancel a ban" };
	{ name = "invite", args = words("room", "options"), run = invite,
		desc = "Make a link to a room for another person, in the name of an owner in the room. Options: as=, name=, moderator=true" };
	{ name = "console", args = words("host"), run = open_console, desc = "Print an address that opens the host's console once" };
	{ name = "report", args = words("host"), run = report, desc = "Show what observing entries would have decided" };
	{ name = "help", args = words(), run = show_help, desc = "List these commands" };
};

return list;
