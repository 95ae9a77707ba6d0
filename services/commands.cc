#include "services/commands.h"

#include <algorithm>
#include <memory>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/backup/backup.h"
#include "common/base/status_macros.h"
#include "common/rpc/channels.h"
#include "services/appeals/commands/commands.h"
#include "services/classification/commands/commands.h"
#include "services/classification/commands/learning_commands.h"
#include "services/config.h"
#include "services/data_folder.h"
#include "services/directory/commands/commands.h"
#include "services/identity/commands/commands.h"
#include "services/migrate.h"
#include "services/modules.h"
#include "services/suite.h"

namespace veche {
namespace {

// Removes "--name=value" or "--name value" from `args` and returns the value; "" if it is absent.
std::string TakeFlag(std::vector<std::string>& args, absl::string_view name) {
  for (auto it = args.begin(); it != args.end(); ++it) {
    if (absl::StartsWith(*it, absl::StrCat(name, "="))) {
      std::string value = it->substr(name.size() + 1);
      args.erase(it);
      return value;
    }
    if (*it == name && std::next(it) != args.end()) {
      std::string value = *std::next(it);
      args.erase(it, std::next(it, 2));
      return value;
    }
  }
  return "";
}

// A service that a command calls: at the address of the config, or in this process.
struct Reached {
  std::unique_ptr<rpc::Channels> channels;
  std::unique_ptr<Suite> suite;
  std::shared_ptr<grpc::Channel> channel;
};

// `with` are the services that `service` needs when it runs in this process.
absl::StatusOr<Reached> Reach(const std::string& service, const std::vector<std::string>& with,
                              const ConfigFlags& flags) {
  ASSIGN_OR_RETURN(config::v1::Config config, LoadConfig(flags));
  Reached reached;
  if (config.addresses().contains(service)) {
    reached.channels = std::make_unique<rpc::Channels>(config);
    reached.channel = reached.channels->For(service);
    return reached;
  }
  config.clear_services();
  for (const std::string& other : with) config.add_services(other);
  config.add_services(service);
  config.mutable_grpc()->clear_address();
  config.mutable_log()->set_level("error");
  ASSIGN_OR_RETURN(reached.suite, Suite::Start(config));
  reached.channel = reached.suite->ChannelTo(service);
  return reached;
}

// Removes the flag `name` from `args`; whether it was there.
bool TakeWord(std::vector<std::string>& args, absl::string_view name) {
  const auto found = std::find(args.begin(), args.end(), name);
  if (found == args.end()) return false;
  args.erase(found);
  return true;
}

std::string Describe(const backup::Summary& summary) {
  return absl::StrFormat("%d files, %.1f MiB, as of %s", summary.files,
                         static_cast<double>(summary.bytes) / (1 << 20),
                         absl::FormatTime(absl::RFC3339_sec, summary.time, absl::UTCTimeZone()));
}

ConfigFlags TakeConfigFlags(std::vector<std::string>& args) {
  return {.file = TakeFlag(args, "--config"), .data_dir = TakeFlag(args, "--data_dir")};
}

int Fail(const absl::Status& status, std::ostream& err) {
  err << status.message() << std::endl;
  return 1;
}

int RollBack(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const ConfigFlags flags = TakeConfigFlags(args);
  const std::string reason = TakeFlag(args, "--reason");
  if (args.size() > 1) {
    err << "usage: veche classifier rollback [--data_dir FOLDER] [--config FILE] [--reason WHY]"
        << std::endl;
    return 2;
  }
  const auto reached = Reach("classification", {}, flags);
  if (!reached.ok()) return Fail(reached.status(), err);
  return classification::RunRollBack(reached->channel, reason, out, err);
}

}  // namespace

int RunImport(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const ConfigFlags flags = TakeConfigFlags(args);
  const bool appeals = !args.empty() && args[0] == "appeals";
  auto reached = appeals ? Reach("appeals", {"identity", "directory", "classification"}, flags)
                         : Reach("directory", {"identity"}, flags);
  if (!reached.ok()) return Fail(reached.status(), err);
  return appeals ? appeals::RunAppealsImport(args, reached->channel, out, err)
                 : directory::RunDirectoryImport(args, reached->channel, out, err);
}

int RunIdentity(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const ConfigFlags flags = TakeConfigFlags(args);
  auto reached = Reach("identity", {}, flags);
  if (!reached.ok()) return Fail(reached.status(), err);
  return identity::RunIdentityCommand(args, reached->channel, identity::AskOnTerminal(), out, err);
}

int RunMigrate(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const ConfigFlags flags = TakeConfigFlags(args);
  const std::string services = TakeFlag(args, "--services");
  if (!args.empty()) {
    err << "usage: veche migrate [--services A,B] [--config FILE] [--data_dir FOLDER]\n"
           "Brings the databases of the services (default: those of the config, else all) up to\n"
           "date without serving. Also happens at each start; run it before an update, so that\n"
           "new replicas start at once. Replicas may serve from PostgreSQL meanwhile."
        << std::endl;
    return 2;
  }
  auto config = LoadConfig(flags);
  if (!config.ok()) return Fail(config.status(), err);
  // Not a flag of the config, which then would have to name the addresses of all others.
  if (!services.empty()) config->clear_services();
  for (absl::string_view name : absl::StrSplit(services, ',', absl::SkipEmpty())) {
    if (absl::c_none_of(Modules(), [&](const ModuleEntry& row) { return row.name == name; })) {
      return Fail(absl::NotFoundError(absl::StrCat("There is no service ", name, ".")), err);
    }
    config->add_services(std::string(name));
  }
  if (absl::Status status = MigrateServices(*config, out); !status.ok()) return Fail(status, err);
  return 0;
}

int RunBackup(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const std::string data_dir = TakeFlag(args, "--data_dir");
  const std::string to = TakeFlag(args, "--to");
  if (!args.empty() || data_dir.empty() || to.empty()) {
    err << "usage: veche backup --data_dir FOLDER --to NEW_FOLDER\n"
           "Copies a data folder with embedded storage: databases as of one moment, keys,\n"
           "attachments. The program may run meanwhile. The copy has everything that was\n"
           "acknowledged before the backup began, and its MANIFEST has the SHA-256 of each file.\n"
           "It holds all secrets: keep it as safe as the data folder."
        << std::endl;
    return 2;
  }
  const auto made = backup::Backup(data_dir, to, absl::Now());
  if (!made.ok()) return Fail(made.status(), err);
  out << "Backed up " << Describe(*made) << " to " << to << "." << std::endl;
  return 0;
}

int RunRestore(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const std::string from = TakeFlag(args, "--from");
  const std::string data_dir = TakeFlag(args, "--data_dir");
  const bool check = TakeWord(args, "--check");
  if (!args.empty() || from.empty() || data_dir.empty() != check) {
    err << "usage: veche restore --from BACKUP --data_dir EMPTY_FOLDER\n"
           "       veche restore --from BACKUP --check\n"
           "Verifies a backup completely, and then restores it into an empty data folder. A\n"
           "truncated or altered backup is refused before anything is written."
        << std::endl;
    return 2;
  }
  if (check) {
    const auto verified = backup::Verify(from);
    if (!verified.ok()) return Fail(verified.status(), err);
    out << "The backup is right: " << Describe(*verified) << "." << std::endl;
    return 0;
  }
  const auto folder = DataFolder::OpenToRestore(data_dir);
  if (!folder.ok()) return Fail(folder.status(), err);
  const auto restored = backup::Restore(from, data_dir);
  if (!restored.ok()) return Fail(restored.status(), err);
  out << "Restored " << Describe(*restored) << " into " << data_dir << "." << std::endl;
  return 0;
}

int RunClassifier(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  if (!args.empty() && args[0] == "rollback") return RollBack(std::move(args), out, err);
  return classification::RunClassifierCommand(args, out, err);
}

}  // namespace veche
