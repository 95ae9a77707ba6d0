#pragma once

namespace veche {

// Gives the calling thread a low priority: for work that nobody waits for, so that a backlog of
// such work does not slow the calls that somebody waits for. Applies to this thread only, as Linux
// has a priority for each thread. Cannot be undone without privileges.
void RunInBackground();

}  // namespace veche
