#pragma once

namespace veche {

// Runs the services until SIGTERM or SIGINT, then drains and returns 0; another value after a clear
// message when it cannot start.
int Serve(int argc, char** argv);

}  // namespace veche
