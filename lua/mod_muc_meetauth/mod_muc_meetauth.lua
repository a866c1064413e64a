-- mod_muc_meetauth: on a MUC component, lets sessions into the rooms that their grant opens.
-- It never fails to load: where it cannot do its work it refuses everybody but admins, and says so once.

local site = module:require "site";
local admission = module:require "admission" (site);
local affiliation = module:require "affiliation" (site, admission);

-- The first joiner creates the room and passes both hooks; everybody else only the second.
module:hook("muc-room-pre-create", admission.check, 99);
module:hook("muc-occupant-pre-join", admission.check, 99);
-- After lobby bypasses at -3, before Jitsi's lobby gate at -4.
module:hook("muc-occupant-pre-join", affiliation.apply, -3.5);

site.check();
module:hook_global("server-started", site.check);
