--- Checks of key sources: whether files load, and whether addresses answer with usable keys. Also compares this machine's
-- clock with the clocks of the key servers.

local entries = require "meetauth.cli.server.entries";
local fetch = require "meetauth.cli.server.fetch";
local cachecontrol = require "meetauth.http.cachecontrol";
local hostconfig = require "meetauth.config.host";
local keyaddress = require "meetauth.key.address";
local keyoidc = require "meetauth.key.oidc";
local keyparse = require "meetauth.key.parse";
local keyremote = require "meetauth.key.remote";
local keyfiles = require "meetauth.key.files";
local keyurl = require "meetauth.key.url";
local shown = require "meetauth.util.shown";
local datetime = require "meetauth.util.datetime";

local KIDS_SHOWN = 4;
local CLOCK_MAX = 60; -- seconds: further off than that, tokens are refused in spite of any usual leeway

-- The contents of a document, in words: its keys by name and algorithm.
local function contents(document)
	local words = {};
	for i, found in ipairs(document.found) do
		if i > KIDS_SHOWN then
			words[i] = "...";
			break;
		end
		words[i] = (found.key:kid() and found.key:kid() .. " " or "") .. found.key:alg();
	end
	return ("%d key%s (%s)"):format(#document.found, #document.found == 1 and "" or "s", table.concat(words, ", "));
end

-- Files --------------------------------------------------------------------------------

local function check_files(site, host, say)
	if not host.read then return; end
	local documents, told, some = hostconfig.load_files(host.read, entries.reader(site.args.config));
	for _, line in ipairs(told) do
		if documents then say("warn", line); else say("FAIL", line, "correct this, because the module does not load"); end
	end
	for _, entry in ipairs(host.read.entries) do
		for _, source in ipairs(entry.sources) do
			local document = (documents or some)[source];
			if document then say("ok", ("%s: %s has %s"):format(entry.id, source.at, contents(document))); end
		end
	end
end

-- Addresses ----------------------------------------------------------------------------

local no_store = { get = function () end, set = function () end };

local months = { Jan = 1, Feb = 2, Mar = 3, Apr = 4, May = 5, Jun = 6, Jul = 7, Aug = 8, Sep = 9, Oct = 10, Nov = 11, Dec = 12 };

-- An HTTP date (RFC 9110 5.6.7) in seconds since the epoch.
local function seconds_of(date)
	local day, month, year, time = (date or ""):match("^%a%a%a, (%d%d) (%a%a%a) (%d%d%d%d) (%d%d:%d%d:%d%d) GMT$");
	return months[month] and datetime.read(("%s-%02d-%sT%sZ"):format(year, months[month], day, time));
end

-- One request to an address, as the server makes it: { outcome, why, document, headers, code, off }.
local function look(site, entry, source, read)
	local found = {};
	local ask = fetch.with(site.config);
	local remote = keyremote.new(source, entry, read or function (text) return keyparse.read(source, entry, text); end, {
		now = os.time, store = no_store, addresses = keyaddress.book(os.time),
		fetch = function (request, done)
			ask(request, function (answer)
				found.headers, found.code = answer.headers or {}, answer.code;
				local theirs = seconds_of(found.headers.date);
				found.off = theirs and theirs - os.time();
				done(answer);
			end);
		end;
		note = function (_, outcome, why, document) found.outcome, found.why, found.document = outcome, why, document; end;
	});
	remote:ask(function () end);
	return found;
end

local function age_of(entry, headers)
	local age = (headers.age or ""):match("^%d+$");
	return ("%snext request in %.14g s"):format(age and ("%s s old, "):format(age) or "",
		cachecontrol.seconds(headers, entry.refresh_min, entry.refresh_max));
end

-- An ASAP key server is asked by name only: for one that no key has.
local function check_asap(site, entry, source, say)
	local asked = { kind = source.kind, at = keyurl.asap(source.at, "meetauth-check"), label = source.label, single = true };
	local found = look(site, entry, asked);
	if found.outcome ~= "failed" then
		say("ok", ("%s: %s answers. The server asks it for each key by name"):format(entry.id, shown.address(source.at)));
	else
		say(found.code and "warn" or "FAIL",
			("%s: %s: %s for a name that no key has"):format(entry.id, shown.address(source.at), found.why),
			found.code and "check the server: it should answer with status 404" or "correct this, because "
				.. "tokens signed with its keys are refused");
	end
	return found;
end

local function check_set(site, entry, source, say)
	local found = look(site, entry, source);
	local at = ("%s: %s"):format(entry.id, shown.address(source.at));
	if found.outcome == "failed" then
		say("FAIL", ("%s: %s"):format(at, found.why), "correct this, because tokens signed with its keys are refused");
	elseif not found.document.found[1] then
		local skipped = found.document.skipped[1];
		say("FAIL", ("%s: no key for %s (%s)"):format(at, table.concat(entry.algorithms, ", "),
			skipped and keyparse.left_out(skipped) or "it has no keys"), "compare the entry's algorithms");
	else
		say("ok", ("%s: %s, %s"):format(at, contents(found.document), age_of(entry, found.headers)));
	end
	return found;
end

-- An OpenID provider's document, and then its keys.
local function check_provider(site, entry, source, say)
	local at;
	local asked = { kind = source.kind, at = keyurl.discovery(source.at), label = source.label };
	local found = look(site, entry, asked, function (text)
		local why;
		at, why = keyoidc.jwks_uri(text, source.at, entry.insecure_url);
		return at and { found = {}, skipped = {} }, why;
	end);
	if not at then
		say("FAIL", ("%s: %s: %s"):format(entry.id, shown.address(asked.at), found.why), "correct this, because tokens signed with "
			.. "its keys are refused");
		return found;
	end
	return check_set(site, entry, { kind = source.kind, at = at, label = source.label }, say);
end

local checks = { asap_url = check_asap, oidc_url = check_provider };

local function check_address(site, host, entry, source, say)
	if not fetch.is_there() then
		return say("skip", ("%s: %s cannot be asked without LuaSocket"):format(entry.id, shown.address(source.at)),
			"apt install lua-socket lua-sec");
	end
	local found = (checks[source.kind] or check_set)(site, entry, source, say);
	if found.off then table.insert(host.dates, { at = shown.address(source.at), off = found.off }); end
end

local function check_addresses(site, host, say)
	for _, entry in ipairs(host.read and host.read.entries or {}) do
		for _, source in ipairs(entry.sources) do
			if not keyfiles.is_file(source) then check_address(site, host, entry, source, say); end
		end
	end
end

-- The clock ----------------------------------------------------------------------------

local function check_clock(_, host, say)
	if not host.read then return; end
	if not host.dates[1] then return say("skip", "no key server is available to compare this machine's clock with"); end
	for _, date in ipairs(host.dates) do
		local off = math.abs(date.off);
		local found = ("this machine's clock is %d s %s the clock of %s"):format(off, date.off > 0 and "behind" or "ahead of", date.at);
		if off > CLOCK_MAX then
			say("FAIL", found, "set this machine's clock: timedatectl set-ntp true");
		elseif off > host.read.meetauth_leeway then
			say("warn", found, "set this machine's clock, because the difference is more than the leeway: timedatectl set-ntp true");
		else
			say("ok", found);
		end
	end
end

---@type CheckRow[]
return {
	{ name = "files", of = "host", look = check_files };
	{ name = "addresses", of = "host", look = check_addresses };
	{ name = "clock", of = "host", look = check_clock };
};
