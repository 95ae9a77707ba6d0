#include "services/appeals/commands/commands.h"

#include <unistd.h>

#include <fstream>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "services/appeals/commands/import_table.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"

namespace veche::appeals {
namespace {

constexpr absl::string_view kUsage = "Usage: veche import appeals --file F.tsv [--source NAME]\n";
constexpr int kRowsPerCall = 200;
constexpr int kAttempts = 5;
constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr int kBarWidth = 40;

struct Arguments {
  std::string file;
  std::string source;
};

bool ParseArguments(const std::vector<std::string>& args, Arguments& parsed) {
  const std::map<std::string, std::string*> flags = {{"--file", &parsed.file},
                                                     {"--source", &parsed.source}};
  for (size_t i = 1; i < args.size(); ++i) {
    std::string name = args[i];
    std::string value;
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    } else if (++i < args.size()) {
      value = args[i];
    }
    auto flag = flags.find(name);
    if (flag == flags.end() || value.empty()) return false;
    *flag->second = value;
  }
  return !parsed.file.empty();
}

// "name-of-file" of "/some/name-of-file.tsv".
std::string SourceOf(const std::string& file) {
  const size_t slash = file.find_last_of('/');
  const std::string base = slash == std::string::npos ? file : file.substr(slash + 1);
  return base.substr(0, base.find_last_of('.'));
}

// Sends rows in calls of one source each and counts the results.
class Importer {
 public:
  Importer(v1::Appeals::StubInterface& appeals, std::ostream& err) : appeals_(appeals), err_(err) {}

  absl::Status Add(const std::string& source, const ImportRow& row) {
    Batch& batch = batches_[source];
    batch.request.set_source(source);
    *batch.request.add_rows() = row.row;
    batch.lines[row.row.source_id()] = row.line;
    return batch.request.rows_size() < kRowsPerCall ? absl::OkStatus() : Send(batch);
  }
  absl::Status SendAll() {
    for (auto& [source, batch] : batches_) RETURN_IF_ERROR(Send(batch));
    return absl::OkStatus();
  }
  void Refuse(int line, absl::string_view error) {
    ++bad_;
    err_ << absl::StrCat("line ", line, ": ", error, "\n");
  }

  int created() const { return created_; }
  int existing() const { return existing_; }
  int bad() const { return bad_; }

 private:
  struct Batch {
    v1::ImportAppealsRequest request;
    std::map<std::string, int> lines;  // by source id
  };

  absl::Status Send(Batch& batch) {
    if (batch.request.rows().empty()) return absl::OkStatus();
    v1::ImportAppealsResponse response;
    absl::Status status;
    for (int attempt = 1; attempt <= kAttempts; ++attempt) {
      // A repeat is harmless: stored rows are recognised by their source ids.
      auto context = rpc::NewBackgroundContext(auth::kCommands, kTimeout);
      context->set_wait_for_ready(true);
      status = rpc::FromGrpc(appeals_.ImportAppeals(context.get(), batch.request, &response));
      if (!absl::IsUnavailable(status) && !absl::IsResourceExhausted(status)) break;
      absl::SleepFor(absl::Milliseconds(200) * attempt);
    }
    RETURN_IF_ERROR(status);
    created_ += response.created();
    existing_ += response.existing();
    for (const auto& bad : response.bad_rows()) {
      Refuse(batch.lines[bad.source_id()], bad.error());
    }
    batch = {};
    return absl::OkStatus();
  }

  v1::Appeals::StubInterface& appeals_;
  std::ostream& err_;
  std::map<std::string, Batch> batches_;  // by source
  int created_ = 0;
  int existing_ = 0;
  int bad_ = 0;
};

// Shows how much of the file is read, if the output is a terminal.
class ProgressBar {
 public:
  ProgressBar(std::istream& file, std::ostream& err) : file_(file), err_(err) {
    file_.seekg(0, std::ios::end);
    size_ = file_.tellg();
    file_.seekg(0);
    shown_ = isatty(STDERR_FILENO) != 0 && size_ > 0;
  }
  ~ProgressBar() {
    if (shown_) err_ << "\r" << std::string(kBarWidth + 10, ' ') << "\r";
  }
  void Draw() {
    if (!shown_) return;
    const std::streamoff at = file_.tellg();
    const int percent = at < 0 ? 100 : static_cast<int>(100 * at / size_);
    if (percent == percent_) return;
    percent_ = percent;
    const int done = kBarWidth * percent / 100;
    err_ << absl::StrFormat("\r[%s%s] %3d %%", std::string(done, '='),
                            std::string(kBarWidth - done, ' '), percent)
         << std::flush;
  }

 private:
  std::istream& file_;
  std::ostream& err_;
  std::streamoff size_ = 0;
  bool shown_ = false;
  int percent_ = -1;
};

absl::Status ImportFile(const Arguments& arguments, std::istream& file, Importer& importer,
                        std::ostream& err) {
  ProgressBar bar(file, err);
  ASSIGN_OR_RETURN(ImportTable table, ImportTable::Open(file));
  const std::string fallback = SourceOf(arguments.file);
  ImportRow row;
  while (true) {
    absl::StatusOr<bool> more = table.Next(row);
    if (!more.ok()) {
      importer.Refuse(row.line, more.status().message());
      continue;
    }
    if (!*more) break;
    const std::string& source = !arguments.source.empty() ? arguments.source
                                : !row.source.empty()     ? row.source
                                                          : fallback;
    RETURN_IF_ERROR(importer.Add(source, row));
    bar.Draw();
  }
  return importer.SendAll();
}

}  // namespace

int RunAppealsImport(const std::vector<std::string>& args, std::shared_ptr<grpc::Channel> appeals,
                     std::ostream& out, std::ostream& err) {
  Arguments arguments;
  if (!ParseArguments(args, arguments)) {
    err << kUsage;
    return 2;
  }
  std::ifstream file(arguments.file, std::ios::binary);
  if (!file) {
    err << arguments.file << ": cannot be read\n";
    return 1;
  }
  auto stub = v1::Appeals::NewStub(std::move(appeals));
  Importer importer(*stub, err);
  const absl::Status status = ImportFile(arguments, file, importer, err);
  out << absl::StrCat(importer.created(), " appeals loaded, ", importer.existing(),
                      " were there already, ", importer.bad(), " rows were not taken\n");
  if (!status.ok()) {
    err << absl::StrCat("Stopped: ", status.message(), "\nRepeat the command to go on.\n");
  }
  return status.ok() && importer.bad() == 0 ? 0 : 1;
}

}  // namespace veche::appeals
