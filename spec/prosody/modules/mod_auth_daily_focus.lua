-- For the Daily specs: everybody who logs in to this host is the user "focus", whom the configuration makes an admin.

local handler = { username = "focus" };
handler.__index = handler;

function handler:mechanisms() return { ANONYMOUS = true }; end -- luacheck: ignore 212/self
function handler:select(mechanism) self.selected = mechanism; return true; end
function handler:process() return "success"; end -- luacheck: ignore 212/self
function handler:clean_clone() return setmetatable({}, handler); end -- luacheck: ignore 212/self

module:provides("auth", { get_sasl_handler = function () return setmetatable({}, handler); end });
