--- The fields that only a Daily entry of meetauth_issuers has: rows for config/host.lua. doc/options.md has them
-- all.

local schema = require "meetauth.util.schema";
local recording = require "meetauth.dialect.daily.recording";

local dailyfields = {};

--- The features that a Daily token cannot name, unless the entry says otherwise (doc/daily.md).
dailyfields.features = {
	["outbound-call"] = false, ["sip-outbound-call"] = false, ["create-polls"] = true, ["send-groupchat"] = true,
	["send-private-message"] = true, ["file-upload"] = false, ["live-translation"] = false, ["flip"] = false,
	["name-readonly"] = false,
};

-- Some of these features, each true or false; the rest as above.
local features_kind = {
	expected = "a table of features with boolean values";
	read = function (value)
		if type(value) ~= "table" then return nil; end
		local features = {};
		for name, default in pairs(dailyfields.features) do features[name] = default; end
		for name, allowed in pairs(value) do
			if dailyfields.features[name] == nil or type(allowed) ~= "boolean" then return nil; end
			features[name] = allowed;
		end
		return features;
	end;
};

-- A list, empty or not, of strings that fit; or one such string.
local function list_of(expected, fits)
	return schema.list_of({ expected = expected, lone = true, empty = true, fits = function (item)
		return type(item) == "string" and fits(item);
	end });
end

local function is_host_pattern(host)
	return host:find("^%*%.[%w.-]+$") ~= nil or host:find("^[%w.-]+$") ~= nil;
end

---@type Field[]
dailyfields.list = {
	{ name = "domain_id", kind = "string" };
	{ name = "user_prefix", kind = "string" };
	{ name = "claim_names", kind = schema.one_of("short", "either"), default = "short" };
	{ name = "strict", kind = "boolean", default = false };
	{ name = "hidden", kind = schema.one_of("refuse", "visible"), default = "refuse" };
	{ name = "admin_affiliation", kind = schema.one_of("admin", "owner"), default = "admin" };
	{ name = "features", kind = features_kind, default = dailyfields.features };
	{ name = "recording", kind = list_of("a list of recording modes", recording.is_mode), default = {} };
	{ name = "redirect_hosts", default = {},
		kind = list_of("a list of host names, *.host for all hosts of a domain", is_host_pattern) };
	{ name = "lock_name", kind = "boolean", default = false };
	{ name = "rooms_required", kind = "boolean", default = false };
};
for _, field in ipairs(dailyfields.list) do field.dialect = "daily"; end

return dailyfields;
