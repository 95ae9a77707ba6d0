#include "services/commands.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/channels.h"
#include "services/appeals/commands.h"
#include "services/classification/commands.h"
#include "services/classification/learning/commands.h"
#include "services/config.h"
#include "services/directory/commands.h"
#include "services/suite.h"

namespace veche {
namespace {

// Takes "--name=value" or "--name value" out of `args`; "" when it is not there.
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

int Import(const std::vector<std::string>& args, std::shared_ptr<grpc::Channel> channel,
           bool appeals, std::ostream& out, std::ostream& err) {
  return appeals ? appeals::RunAppealsImport(args, std::move(channel), out, err)
                 : directory::RunDirectoryImport(args, std::move(channel), out, err);
}

// Runs classification alone on the data folder.
int RollBack(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const ConfigFlags flags{.file = TakeFlag(args, "--config"),
                          .data_dir = TakeFlag(args, "--data_dir")};
  const std::string reason = TakeFlag(args, "--reason");
  if (args.size() > 1) {
    err << "usage: veche classifier rollback [--data_dir FOLDER] [--config FILE] [--reason WHY]"
        << std::endl;
    return 2;
  }
  auto config = LoadConfig(flags);
  if (!config.ok()) {
    err << config.status().message() << std::endl;
    return 1;
  }
  config->clear_services();
  config->add_services("classification");
  config->clear_addresses();
  config->mutable_grpc()->clear_address();
  config->mutable_log()->set_level("error");
  auto suite = Suite::Start(*config);
  if (!suite.ok()) {
    err << suite.status().message() << std::endl;
    return 1;
  }
  return classification::RunRollBack((*suite)->ChannelTo("classification"), reason, out, err);
}

}  // namespace

int RunImport(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  const ConfigFlags flags{.file = TakeFlag(args, "--config"),
                          .data_dir = TakeFlag(args, "--data_dir")};
  auto config = LoadConfig(flags);
  if (!config.ok()) {
    err << config.status().message() << std::endl;
    return 1;
  }
  const bool appeals = !args.empty() && args[0] == "appeals";
  const std::string service = appeals ? "appeals" : "directory";
  if (config->addresses().contains(service)) {
    rpc::Channels channels(*config);
    return Import(args, channels.For(service), appeals, out, err);
  }
  config->clear_services();
  config->add_services("identity");
  config->add_services("directory");
  if (appeals) {
    config->add_services("classification");
    config->add_services("appeals");
  }
  config->mutable_grpc()->clear_address();
  config->mutable_log()->set_level("warning");
  auto suite = Suite::Start(*config);
  if (!suite.ok()) {
    err << suite.status().message() << std::endl;
    return 1;
  }
  return Import(args, (*suite)->ChannelTo(service), appeals, out, err);
}

int RunClassifier(std::vector<std::string> args, std::ostream& out, std::ostream& err) {
  if (!args.empty() && args[0] == "rollback") return RollBack(std::move(args), out, err);
  return classification::RunClassifierCommand(args, out, err);
}

}  // namespace veche
