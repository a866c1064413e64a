--- Whether two results of the API are the same: values by what they hold, keys by what they do.

local meetauth = require "meetauth";

local function is_same_key(a, b)
	if a:alg() ~= b:alg() or a:kid() ~= b:kid() or a:can_sign() ~= b:can_sign() or a:thumbprint() ~= b:thumbprint() then
		return false;
	end
	if not a:alg() or not a:can_sign() then return true; end
	local verify = meetauth.verifier { keys = { b }, algorithms = { b:alg() } };
	return verify(meetauth.sign(a, {}), 0) ~= nil;
end

local function is_key(value)
	return type(value) == "userdata" and tostring(value):find("^meetauth%.key") ~= nil;
end

local function is_same(a, b)
	if is_key(a) and is_key(b) then return is_same_key(a, b); end
	if type(a) ~= "table" or type(b) ~= "table" then return math.type(a) == math.type(b) and rawequal(a, b); end
	for name, value in pairs(a) do
		if not is_same(value, b[name]) then return false; end
	end
	for name in pairs(b) do
		if a[name] == nil then return false; end
	end
	return getmetatable(a) == getmetatable(b);
end

return is_same;
