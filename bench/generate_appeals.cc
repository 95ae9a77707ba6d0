// Fills a data folder with generated appeals through ImportAppeals: generate_appeals --data_dir F
// --appeals N.

#include <atomic>
#include <iostream>
#include <random>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/auth/access.h"
#include "common/base/status_macros.h"
#include "common/demo/demo_files.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"
#include "google/protobuf/util/time_util.h"
#include "services/config.h"
#include "services/directory/commands/demo.h"
#include "services/suite.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"
#include "veche/directory/v1/directory.grpc.pb.h"

ABSL_FLAG(std::string, data_dir, "", "an empty folder");
ABSL_FLAG(int, appeals, 1'000'000, "how many");

namespace veche {
namespace {

namespace v1 = appeals::v1;
constexpr int kBatch = 500;
constexpr absl::string_view kWords =
    "яма дорога двор фонарь свет мусор вода отопление снег лёд тротуар остановка автобус дерево "
    "ветка площадка качели подъезд лифт "
    "крыша канализация люк светофор знак парковка собаки стройка шум запах школа садик поликлиника "
    "очередь пандус скамейка урна газон "
    "трава краска забор провод столб асфальт бордюр лужа грязь ремонт дом подвал труба счётчик "
    "квитанция перерасчёт управляющая "
    "компания диспетчер заявка администрация прошу сделайте почините уберите опасно темно скользко "
    "холодно давно неделя месяц";

// Word frequencies like those of real texts: few words are frequent, most are rare (Zipf).
class Writer {
 public:
  explicit Writer(uint64_t seed) : random_(seed), words_(absl::StrSplit(kWords, ' ')) {
    std::vector<double> weights;
    for (size_t i = 0; i < words_.size(); ++i) weights.push_back(1.0 / static_cast<double>(i + 3));
    word_ = std::discrete_distribution<size_t>(weights.begin(), weights.end());
  }

  void Write(const std::vector<std::string>& categories, int number,
             v1::ImportAppealsRequest::Row& row) {
    std::vector<absl::string_view> text;
    for (int i = 0; i < 25; ++i) text.push_back(words_[word_(random_)]);
    row.set_source_id(absl::StrCat(number));
    row.set_text(
        absl::StrCat(absl::StrJoin(text, " "), " дом ", random_() % 300, " номер ", number));
    row.set_category(categories[random_() % categories.size()]);
    row.set_state(random_() % 10 == 0  ? v1::Appeal::IN_PROGRESS
                  : random_() % 3 == 0 ? v1::Appeal::RESOLVED
                                       : v1::Appeal::CLOSED);
    if (row.state() != v1::Appeal::IN_PROGRESS) row.set_answer("Сделано.");
    row.mutable_location()->set_latitude(55.72 + 0.15 * Uniform());
    row.mutable_location()->set_longitude(48.95 + 0.3 * Uniform());
    const absl::Time time = absl::Now() - absl::Hours(24 * 365 * 5) * Uniform();
    *row.mutable_create_time() =
        google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
  }

 private:
  double Uniform() { return std::uniform_real_distribution<double>()(random_); }

  std::mt19937_64 random_;
  std::vector<std::string> words_;
  std::discrete_distribution<size_t> word_;
};

std::vector<std::string> Categories(Suite& suite) {
  auto stub = directory::v1::Directory::NewStub(suite.ChannelTo("directory"));
  auto context = rpc::NewBackgroundContext(auth::kCommands, absl::Seconds(10));
  directory::v1::ListCategoriesResponse response;
  std::vector<std::string> names;
  if (stub->ListCategories(context.get(), {}, &response).ok()) {
    for (const auto& category : response.categories()) names.push_back(category.name());
  }
  return names;
}

absl::Status Generate(Suite& suite, int total) {
  const std::vector<std::string> categories = Categories(suite);
  if (categories.empty()) return absl::InternalError("no categories");
  std::atomic<int> next = 0;
  std::atomic<bool> failed = false;
  auto work = [&](uint64_t seed) {
    Writer writer(seed);
    auto stub = v1::Appeals::NewStub(suite.ChannelTo("appeals"));
    for (int first = next.fetch_add(kBatch); first < total && !failed;
         first = next.fetch_add(kBatch)) {
      v1::ImportAppealsRequest request;
      request.set_source("bench");
      for (int i = first; i < std::min(first + kBatch, total); ++i)
        writer.Write(categories, i, *request.add_rows());
      v1::ImportAppealsResponse response;
      auto context = rpc::NewBackgroundContext(auth::kCommands, absl::Minutes(2));
      const absl::Status status =
          rpc::FromGrpc(stub->ImportAppeals(context.get(), request, &response));
      if (!status.ok() || !response.bad_rows().empty()) {
        std::cerr << status << " " << response.ShortDebugString().substr(0, 300) << std::endl;
        failed = true;
      }
      if (first % 50'000 == 0) std::cerr << first << std::endl;
    }
  };
  std::vector<std::thread> threads;
  for (uint64_t seed = 1; seed <= 3; ++seed) threads.emplace_back(work, seed);
  for (std::thread& thread : threads) thread.join();
  return failed ? absl::InternalError("not all was imported") : absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Suite>> Start(std::string services) {
  ASSIGN_OR_RETURN(auto config, LoadConfig({.data_dir = absl::GetFlag(FLAGS_data_dir),
                                            .services = std::move(services)}));
  return Suite::Start(config);
}

absl::Status Run() {
  {
    // The appeals service reads the directory when it starts.
    ASSIGN_OR_RETURN(auto suite, Start("directory"));
    ASSIGN_OR_RETURN(const DemoFiles files, DemoFiles::Find("kazan"));
    RETURN_IF_ERROR(directory::LoadDemoCity(suite->ChannelTo("directory"), files, "ru"));
  }
  ASSIGN_OR_RETURN(auto suite, Start("identity,directory,classification,appeals"));
  return Generate(*suite, absl::GetFlag(FLAGS_appeals));
}

}  // namespace
}  // namespace veche

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = veche::Run();
  if (!status.ok()) std::cerr << status << std::endl;
  return status.ok() ? 0 : 1;
}
