-- auth_jitsi-anonymous: stands in for Jitsi's module of that name: everybody logs in, under a name of their own.

local new_uuid = require "util.uuid".generate;

local handler = {};
handler.__index = handler;

function handler:mechanisms() return { ANONYMOUS = true }; end -- luacheck: ignore 212/self
function handler:select(mechanism) self.selected = mechanism; return true; end
function handler:process() self.username = new_uuid(); return "success"; end
function handler:clean_clone() return setmetatable({}, handler); end -- luacheck: ignore 212/self

module:provides("auth", { get_sasl_handler = function () return setmetatable({}, handler); end });
