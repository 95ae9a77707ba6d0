#pragma once

namespace veche {

// Lets the calling thread run only when others leave time: for work that nobody waits for, so that
// a backlog of it never slows those who do wait. Linux counts priority by thread. Cannot be undone
// without privileges.
void RunInBackground();

}  // namespace veche
