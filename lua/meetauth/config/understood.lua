--- What Jitsi's own options became, in lines for the operator who reads the log or asks the command.

local understood = {};

-- Rows of { option, what it became, field of the entry that tells its value? }.
local of_entry = {
	{ "app_id", "id and issuer" };
	{ "app_secret", "key" };
	{ "signature_algorithm", "algorithms" };
	{ "asap_key_server", "asap_url" };
	{ "cache_keys_url", "cache_keys_url" };
	{ "asap_accepted_issuers", "issuer" };
	{ "asap_accepted_audiences", "audience" };
	{ "asap_require_room_claim", "room = %s", "room" };
	{ "enable_domain_verification", "domain_verification = %s", "domain_verification" };
};

local signing = "left to Jitsi's modules that sign tokens of their own";

-- Options that are not read here, and why that is right.
local left_alone = {
	{ "jwt_pubkey_cache_size", "has no use here: at most 128 keys of a key server are kept" };
	{ "asap_ttl", signing };
	{ "asap_ttl_threshold", signing };
	{ "asap_issuer", signing };
	{ "asap_audience", signing };
	{ "asap_key_id", signing };
	{ "asap_key_path", signing };
};

--- A line for each of Jitsi's options that is set.
---@param get fun(name: string): any
---@param host Config
---@return string[]
function understood.lines(get, host)
	local lines, entry = {}, host.jitsi_entry;
	local function say(name, what)
		if get(name) ~= nil then lines[#lines + 1] = name .. ": " .. what; end
	end
	for _, row in ipairs(entry and of_entry or {}) do
		local value = row[3] and entry[row[3]];
		local became = row[2]:format(type(value) == "string" and ("%q"):format(value) or tostring(value));
		say(row[1], ("understood as %s of the entry %q"):format(became, entry.id));
	end
	say("allow_empty_token", "understood: guests are " .. (host.allow_empty_token and "let in" or "refused"));
	say("region_header_name", ("understood as the header %q"):format(host.region_header));
	for _, row in ipairs(left_alone) do say(row[1], row[2]); end
	return lines;
end

return understood;
