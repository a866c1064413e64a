--- A token bent out of shape, again and again, always in the same ways.

local base64 = require "spec.support.base64";
local new_random = require "spec.support.random";

local hostile = {};

local function splice(text, at, n, with)
	return text:sub(1, at - 1) .. with .. text:sub(at + n);
end

local ways = {
	function (token, random) return splice(token, random(#token), 1, string.char(random(256) - 1)); end;
	function (token, random) return splice(token, random(#token), 0, string.char(random(256) - 1)); end;
	function (token, random) return splice(token, random(#token), random(20), ""); end;
	function (token, random) return token:sub(1, random(#token) - 1); end;
	function (token, random) return splice(token, random(#token), 0, "."); end;
	function (token, random) return token .. token:sub(random(#token)); end;
	function (token, random)
		local at = random(64);
		return splice(token, random(#token), 1, base64.alphabet:sub(at, at));
	end;
	function (token, random) -- header or payload, changed below the encoding
		local parts = { token:match("^(.-)%.(.-)%.(.*)$") };
		if not parts[1] then return token .. "x"; end
		local which = random(2);
		if parts[which] == "" or parts[which]:find("[^%w_-]") or #parts[which] % 4 == 1 then return token .. "x"; end
		local bytes = base64.bytes(parts[which]);
		if bytes == "" then return token .. "x"; end
		parts[which] = base64.url(splice(bytes, random(#bytes), random(3) - 1, string.char(random(256) - 1)));
		return table.concat(parts, ".");
	end;
};

--- hostile.tokens(token, seed, n) -> iterator of n texts, none of them 'token'
function hostile.tokens(token, seed, n)
	local random = new_random(seed);
	return coroutine.wrap(function ()
		for _ = 1, n do
			local bent = token;
			repeat
				for _ = 1, random(3) do
					if bent ~= "" then bent = ways[random(#ways)](bent, random); end
				end
			until bent ~= token;
			coroutine.yield(bent);
		end
	end);
end

return hostile;
