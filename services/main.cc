// The program `veche`: runs all or some services, or one of the commands.

#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/commands.h"
#include "services/copy_blobs.h"
#include "services/polling/commands/verify_poll.h"
#include "services/polling/commands/vote.h"
#include "services/serve.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (!arguments.empty() && arguments[0] == "import") {
    return veche::RunImport({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "identity") {
    return veche::RunIdentity({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "migrate") {
    return veche::RunMigrate({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "backup") {
    return veche::RunBackup({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "restore") {
    return veche::RunRestore({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "blobs") {
    return veche::RunBlobs({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "classifier") {
    return veche::RunClassifier({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "verify-poll") {
    return veche::polling::RunVerifyPoll({arguments.begin() + 1, arguments.end()}, std::cout,
                                         std::cerr);
  }
  if (!arguments.empty() && arguments[0] == "vote") {
    return veche::polling::RunVote({arguments.begin() + 1, arguments.end()}, std::cout, std::cerr);
  }
  return veche::Serve(argc, argv);
}
