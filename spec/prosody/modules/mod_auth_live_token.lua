-- For live specs: a host whose logins another token module takes care of: everybody is let in as "somebody".

local handler = { username = "somebody" };
handler.__index = handler;

function handler:mechanisms() return { ANONYMOUS = true }; end -- luacheck: ignore 212/self
function handler:select(mechanism) self.selected = mechanism; return true; end
function handler:process() return "success"; end -- luacheck: ignore 212/self
function handler:clean_clone() return setmetatable({}, handler); end -- luacheck: ignore 212/self

module:provides("auth", { get_sasl_handler = function () return setmetatable({}, handler); end });
