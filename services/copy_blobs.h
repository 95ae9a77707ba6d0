#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace veche {

// `veche blobs copy --from PLACE --to PLACE`: copies the files of appeals from one place to the
// other; may be repeated. Prints what was copied, and the names of files that were not. Returns the
// exit code.
int RunBlobs(std::vector<std::string> args, std::ostream& out, std::ostream& err);

}  // namespace veche
