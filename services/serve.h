#pragma once

namespace veche {

// Runs the services until SIGTERM or SIGINT, then drains and returns 0. If they cannot start,
// prints the reason and returns another value.
int Serve(int argc, char** argv);

}  // namespace veche
