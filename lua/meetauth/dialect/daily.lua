--- Daily.co meeting tokens: abbreviated claims -> grant.
-- Vocabulary: Daily's guide "Self-signing tokens" (daily.md 1, 5). Pure: no clock, no Prosody; signature
-- and times were checked before.

local null = require "meetauth.core".null;
local permissions = require "meetauth.dialect.dailypermissions";
local text = require "meetauth.text";

local daily = {};

local USER_ID_MAX = 36; -- code points
local USER_NAME_MAX = 256;
local CONNECTION_DATA_MAX = 1024;

local function is_room(r) return #r <= 128 and r:find("^[%w_-]+$") ~= nil; end
local function is_user_id(ud) return ud ~= "" and utf8.len(ud) <= USER_ID_MAX; end
local function is_seconds(eje) return math.type(eje) == "integer" and eje >= 1 and eje <= 2147483647; end
local function is_connection_data(otcd) return utf8.len(otcd) <= CONNECTION_DATA_MAX; end

---@class DailyClaim
---@field claim string
---@field long string?     its name in the REST interface; nil where it has none
---@field type string      of the JSON value; "any" where nothing is published
---@field fits (fun(value: any): boolean)?  beyond its type
---@field fate "enforced"|"published"|"ignored"

--- Every claim that Daily publishes.
---@type DailyClaim[]
daily.claims = {
	{ claim = "d", long = "domain_id", type = "string", fate = "enforced" };
	{ claim = "r", long = "room_name", type = "string", fits = is_room, fate = "enforced" }; -- no "*", no patterns
	{ claim = "iat", type = "number", fate = "enforced" };
	{ claim = "exp", type = "number", fate = "enforced" };
	{ claim = "nbf", type = "number", fate = "enforced" };
	{ claim = "ud", long = "user_id", type = "string", fits = is_user_id, fate = "enforced" };
	{ claim = "u", long = "user_name", type = "string", fate = "enforced" };
	{ claim = "o", long = "is_owner", type = "boolean", fate = "enforced" };
	{ claim = "k", long = "knocking", type = "boolean", fate = "enforced" };
	{ claim = "ejt", long = "eject_at_token_exp", type = "boolean", fate = "enforced" };
	{ claim = "eje", long = "eject_after_elapsed", type = "number", fits = is_seconds, fate = "enforced" };
	{ claim = "ss", long = "enable_screenshare", type = "boolean", fate = "enforced" };
	{ claim = "er", long = "enable_recording", type = "any", fate = "enforced" };
	{ claim = "sr", long = "start_cloud_recording", type = "boolean", fate = "enforced" };
	{ claim = "sro", long = "start_cloud_recording_opts", type = "table", fate = "published" };
	{ claim = "ast", long = "auto_start_transcription", type = "boolean", fate = "enforced" };
	{ claim = "ao", long = "start_audio_off", type = "boolean", fate = "published" };
	{ claim = "vo", long = "start_video_off", type = "boolean", fate = "published" };
	{ claim = "erui", long = "enable_recording_ui", type = "boolean", fate = "published" };
	{ claim = "uil", long = "lang", type = "string", fate = "published" };
	{ claim = "ctoe", long = "close_tab_on_exit", type = "boolean", fate = "published" };
	{ claim = "rome", long = "redirect_on_meeting_exit", type = "string", fate = "published" };
	{ claim = "ij", long = "intercom_join_alert", type = "any", fate = "ignored" };
	{ claim = "mjh", long = "meeting_join_hook", type = "string", fate = "ignored" }; -- never fetched
	{ claim = "otcd", type = "string", fits = is_connection_data, fate = "ignored" };
	{ claim = "p", long = "permissions", type = "table", fate = "enforced" };
};

-- Registered claims that a Daily token does not use; they are no sign of another dialect.
local harmless = { jti = true };

local by_name = {};
for _, field in ipairs(daily.claims) do by_name[field.claim] = field; end

local function same(a, b)
	if type(a) ~= "table" or type(b) ~= "table" then return a == b; end
	for name, value in pairs(a) do
		if not same(value, b[name]) then return false; end
	end
	for name in pairs(b) do
		if a[name] == nil then return false; end
	end
	return true;
end

-- The claims under their short names, nulls left out; ambiguous-claims where two spellings disagree.
local function short_claims(claims, entry)
	local short = {};
	for _, field in ipairs(daily.claims) do
		local value, long = claims[field.claim], nil;
		if entry.claim_names == "either" and field.long then long = claims[field.long]; end
		if value == null then value = nil; end
		if long == null then long = nil; end
		if value ~= nil and long ~= nil and not same(value, long) then return nil, "ambiguous-claims"; end
		if value == nil then value = long; end
		short[field.claim] = value;
	end
	return short;
end

local function unknown_claims(claims, entry)
	local unknown = {};
	for name in pairs(claims) do
		local known = by_name[name] or harmless[name];
		for _, field in ipairs(known and {} or daily.claims) do
			known = known or (entry.claim_names == "either" and field.long == name);
		end
		if not known then unknown[#unknown + 1] = tostring(name); end
	end
	table.sort(unknown);
	return unknown;
end

local function has_type(value, kind)
	return kind == "any" or type(value) == kind;
end

local function wrong(short)
	for _, field in ipairs(daily.claims) do
		local value = short[field.claim];
		if value ~= nil and not (has_type(value, field.type) and (not field.fits or field.fits(value))) then return true; end
	end
	return false;
end

local server_modes = { cloud = true, ["cloud-audio-only"] = true, ["raw-tracks"] = true, ["rtp-tracks"] = true };
local other_modes = { ["local"] = true, ["output-byte-stream"] = true };

-- Whether recording on the server is enabled by a list of modes, or one; unknown words are noted.
local function records(modes, unknown)
	if type(modes) == "string" then modes = { modes }; end
	if type(modes) ~= "table" then return nil; end
	local enabled = false;
	for _, mode in pairs(modes) do
		if type(mode) ~= "string" then return nil; end
		if server_modes[mode] then enabled = true;
		elseif not other_modes[mode] then unknown[#unknown + 1] = "er:" .. mode; end
	end
	return enabled;
end

-- daily.md 5.3; complete, because a neighbour takes an absent feature for a denied one.
local function features(owner, may, recording, screen, entry)
	local set = entry.features;
	return {
		["recording"] = recording and (owner or may.admin.s == true);
		["livestreaming"] = owner or may.admin.s == true;
		["transcription"] = owner or may.admin.t == true;
		["screen-sharing"] = screen;
		["outbound-call"] = owner and set["outbound-call"] or false;
		["sip-outbound-call"] = owner and set["sip-outbound-call"] or false;
		["create-polls"] = owner or set["create-polls"];
		["send-groupchat"] = owner or set["send-groupchat"];
		["send-private-message"] = owner or set["send-private-message"];
		["file-upload"] = set["file-upload"];
		["live-translation"] = set["live-translation"];
		["flip"] = set["flip"];
		["name-readonly"] = entry.lock_name or set["name-readonly"];
	};
end

local function may_redirect(url, hosts)
	local host = url:match("^https://([%w.-]+)[/?#]") or url:match("^https://([%w.-]+)$");
	if not host then return false; end
	host = host:lower();
	for _, allowed in ipairs(hosts) do
		local suffix = allowed:match("^%*(%..+)$");
		if host == allowed:lower() or (suffix and host:sub(-#suffix) == suffix:lower()) then return true; end
	end
	return false;
end

-- What clients may want to know and no server can enforce (daily.md 5.7); nil where there is nothing.
local function advice(short, may, entry, note)
	local advisory = {
		start_audio_off = short.ao, start_video_off = short.vo, enable_recording_ui = short.erui,
		lang = short.uil and text.clean(short.uil, 16), close_tab_on_exit = short.ctoe, receive = may.receive,
		start_cloud_recording_opts = short.sro,
	};
	if short.rome then
		if may_redirect(short.rome, entry.redirect_hosts) then
			advisory.redirect_on_meeting_exit = short.rome;
		else
			note("rome", "dropped: its host is not in redirect_hosts");
		end
	end
	return next(advisory) and advisory or nil;
end

local function knocks(short, entry)
	return entry.lobby == "knock" or short.k == true;
end

--- Read verified claims as a Daily token.
---@param claims table
---@param entry table  an issuer entry with Daily's fields (config.lua)
---@return Grant? grant
---@return string? reason  bad-claim, missing-claim, unknown-issuer, ambiguous-claims, not-enforceable
function daily.grant(claims, entry)
	local short, ambiguous = short_claims(claims, entry);
	if not short then return nil, ambiguous; end
	if wrong(short) then return nil, "bad-claim"; end
	if short.d ~= entry.domain_id then return nil, "unknown-issuer"; end
	if not short.r and entry.room == "required" then return nil, "missing-claim"; end

	local may = short.p == nil and permissions.default() or permissions.read(short.p);
	local unknown = unknown_claims(claims, entry);
	local recording = records(short.er == nil and entry.recording or short.er, unknown);
	if not may or recording == nil then return nil, "bad-claim"; end
	table.move(may.unknown, 1, #may.unknown, #unknown + 1, unknown);
	if entry.strict and unknown[1] then return nil, "bad-claim"; end

	local notes = {};
	local function note(claim, fate) notes[#notes + 1] = { claim = claim, fate = fate }; end
	for _, name in ipairs(unknown) do note(name, "ignored: unknown"); end
	for _, field in ipairs(daily.claims) do
		if field.fate ~= "enforced" and short[field.claim] ~= nil and field.claim ~= "rome" then note(field.claim, field.fate); end
	end

	local owner = short.o == true;
	if owner and short.p ~= nil then
		note("p", "ignored: owners may do everything");
		may = permissions.default();
	end
	if may.receive then
		if entry.strict then return nil, "not-enforceable"; end
		note("p.cr", "published: no server filters what is received");
	end
	if not may.present then
		if entry.hidden == "refuse" then return nil, "not-enforceable"; end
		note("p.hp", "ignored: enters visibly");
	end
	if short.ejt and not short.exp then note("ejt", "ignored: there is no exp"); end

	local screen = short.ss ~= false and (owner or may.send.sv == true);
	local can_record = recording and (owner or may.admin.s == true);
	return {
		issuer = "daily:" .. short.d;
		check_domain = false;
		room = short.r and short.r:lower() or "*"; -- XMPP folds case
		user = {
			id = short.ud and entry.user_prefix .. text.clean(short.ud);
			name = short.u and text.clean(short.u, USER_NAME_MAX);
			moderator = owner;
			affiliation = owner and "owner" or "member";
			lobby_bypass = not knocks(short, entry);
		};
		features = features(owner, may, recording, screen, entry);
		owner = owner and "granted" or "denied";
		admin = not owner and may.admin.p and entry.admin_affiliation or nil;
		send = not owner and may.send or nil;
		passes_lobby = not knocks(short, entry);
		wants_lobby = knocks(short, entry) and entry.knock_without_lobby == "create";
		at_expiry = "ignore";
		eject_at = short.ejt and short.exp or nil;
		eject_after = short.eje;
		nick = short.u and text.clean(short.u, USER_NAME_MAX);
		nick_locked = entry.lock_name;
		unique = entry.unique_users and short.ud ~= nil;
		pushes_permissions = true;
		starts_recording = short.sr == true and can_record;
		starts_transcription = short.ast == true and owner;
		advisory = advice(short, may, entry, note);
		notes = notes;
	};
end

return daily;
