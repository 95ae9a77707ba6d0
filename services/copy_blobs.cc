#include "services/copy_blobs.h"

#include <prometheus/registry.h>

#include <filesystem>
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/blob/copy.h"
#include "common/blob/open.h"
#include "services/config.h"

namespace veche {
namespace {

constexpr char kUsage[] =
    "usage: veche blobs copy --from PLACE --to PLACE\n"
    "Copies the attachments of appeals. A place is a folder of attachments (\"attachments\" in\n"
    "the data folder, \"appeals\" in blobs.folder) or the config file of appeals, whose\n"
    "\"blobs\" names the place. Every file is verified by its SHA-256. Files that are there\n"
    "already are read and skipped, so the command can be repeated; the program may run\n"
    "meanwhile. Prints the files that were not copied, and then exits with 1.";

struct Flags {
  std::string from;
  std::string to;
};

// False for anything but the two flags, each as "--name=value" or "--name value".
bool ParseFlags(const std::vector<std::string>& args, Flags& flags) {
  for (size_t i = 1; i < args.size(); ++i) {
    absl::string_view value = args[i];
    std::string* flag = nullptr;
    if (absl::ConsumePrefix(&value, "--from")) {
      flag = &flags.from;
    } else if (absl::ConsumePrefix(&value, "--to")) {
      flag = &flags.to;
    } else {
      return false;
    }
    if (value.empty() && i + 1 < args.size()) {
      *flag = args[++i];
    } else if (absl::ConsumePrefix(&value, "=")) {
      *flag = std::string(value);
    } else {
      return false;
    }
  }
  return !flags.from.empty() && !flags.to.empty();
}

absl::StatusOr<std::unique_ptr<blob::Store>> OpenPlace(const std::string& place) {
  if (!std::filesystem::is_regular_file(place)) return blob::OpenFolder(place);
  ASSIGN_OR_RETURN(const config::v1::Config config, LoadConfig({.file = place}));
  if (!absl::c_linear_search(config.services(), "appeals")) {
    return absl::InvalidArgumentError(absl::StrCat(place, " is not the config of appeals."));
  }
  return blob::Open(config.blobs(), config.data_dir(), "appeals", "attachments",
                    {observe::MakeJsonLogger("blobs", observe::Level::kWarning),
                     std::make_shared<prometheus::Registry>()});
}

int Fail(absl::string_view flag, const absl::Status& status, std::ostream& err) {
  err << flag << ": " << status.message() << std::endl;
  return 1;
}

}  // namespace

int RunBlobs(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  Flags flags;
  if (args.empty() || args[0] != "copy" || !ParseFlags(args, flags)) {
    err << kUsage << std::endl;
    return 2;
  }
  // To open a folder makes it, and a misspelt one would then be copied as an empty one.
  if (!std::filesystem::exists(flags.from)) {
    return Fail("--from", absl::NotFoundError(absl::StrCat("there is no ", flags.from, ".")), err);
  }
  const auto from = OpenPlace(flags.from);
  if (!from.ok()) return Fail("--from", from.status(), err);
  const auto to = OpenPlace(flags.to);
  if (!to.ok()) return Fail("--to", to.status(), err);

  blob::CopyOptions options;
  options.on_failure = [&err](absl::string_view key, const absl::Status& why) {
    err << key << ": not copied: " << ErrorReason(why) << std::endl;
  };
  const absl::StatusOr<blob::CopyCounts> counts = blob::Copy(**from, **to, options);
  if (!counts.ok()) return Fail("--from", counts.status(), err);
  out << absl::StrFormat("Copied %d files, %.1f MiB; %d were there; %d failed.", counts->copied,
                         static_cast<double>(counts->copied_bytes) / (1 << 20), counts->present,
                         counts->failed)
      << std::endl;
  if (!counts->finished) {
    err << "A store does not answer: repeat the command when it does." << std::endl;
  }
  return counts->finished && counts->failed == 0 ? 0 : 1;
}

}  // namespace veche
