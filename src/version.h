/*
** version.h - this release. The Lua half (lua/meetauth/init.lua) refuses a core of another one.
*/
#ifndef MEETAUTH_VERSION
#define MEETAUTH_VERSION "0.1.0"
#endif
