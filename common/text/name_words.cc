#include "common/text/name_words.h"

#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace veche::text {
namespace {

constexpr size_t kLetter = 2;  // bytes of a Cyrillic one

const WordSet& GivenNames() {
  static const auto& names = *new WordSet(MakeWordSet(
      // Russian and Ukrainian.
      "александр алексей анатолий андрей андрій антон аркадий артем артур богдан борис вадим "
      "валентин валерий василий василь виктор виталий владимир владислав володимир вячеслав "
      "геннадий георгий глеб григорий данил даниил денис дмитрий дмитро евгений егор иван ігор "
      "игорь илья кирилл константин леонид максим марк матвей микола михаил михайло никита николай "
      "олег павел павло петр петро роман руслан семен сергей сергій станислав степан тарас тимофей "
      "федор эдуард юрий юрій яков ярослав "
      "александра алена алина алиса алла анастасия анжела анна антонина валентина валерия варвара "
      "вера вероника виктория галина дарья диана евгения екатерина елена елизавета жанна зинаида "
      "зоя инна ирина карина катерина кристина ксения лариса леся лидия лилия любовь людмила "
      "маргарита марина мария надежда наталия наталья нина оксана олена ольга полина раиса регина "
      "римма светлана софия софья таисия тамара татьяна тетяна ульяна юлия юлія яна "
      // Tatar.
      "айгуль айгөл айдар айрат альберт альбина альфия амир азат алмаз алсу булат венера гузель "
      "гульнара гульназ дамир динара зульфия ильдар ильнур ильшат камиль лейсан ленар марат "
      "минтимер надия наиль нияз радик рамиль ранис расим рафаэль ренат рифат рустам рустем рушан "
      "салават тагир тимур фарид фарида шамиль эльвира эльмира"));
  return names;
}

}  // namespace

WordSet MakeWordSet(absl::string_view words) { return absl::StrSplit(words, ' '); }

const WordSet& Announcers() {
  static const auto& words = *new WordSet(MakeWordSet("фио піб fio"));
  return words;
}

const WordSet& AnnouncingPairs() {
  static const auto& words = *new WordSet(MakeWordSet(
      "меня_зовут зовут_меня с_уважением мене_звати з_повагою минем_исемем хөрмәт_белән name_is "
      "best_regards kind_regards yours_sincerely ваш_покорный моя_фамилия моє_прізвище"));
  return words;
}

const WordSet& Nobody() {
  static const auto& words = *new WordSet(MakeWordSet(
      "жители жильцы собственники коллектив администрация родители соседи инициативная группа "
      "пенсионеры житель жительница мешканці мешканець батьки я прошу помогите в на у по мы the "
      "residents нас дом улица сосед соседка уважаемый уважаемая уважаемые здравствуйте директор "
      "начальник мастер господин госпожа шановний шановна хөрмәтле"));
  return words;
}

const WordSet& Postscripts() {
  static const auto& pairs = *new WordSet(MakeWordSet("p_s р_s п_с p_p з_ы"));
  return pairs;
}

const WordSet& Places() {
  static const auto& words = *new WordSet(MakeWordSet(
      "ул улица улице улицы улицу улиц вул вулиця вулиці урам урамы урамында пр пркт т кт просп "
      "проспект проспекте проспекта пер переулок переулке переулка провулок пл площадь площади "
      "площа им имени ім імені исемендәге бульвар бульваре бульвара р наб набережная набережной "
      "шоссе проезд проезде тракт аллея аллее тупик парк парке парка сквер сквере сквера сад школа "
      "школе школы гимназия гимназии лицей лицея больница больнице больницы музей музея театр "
      "театра "
      "библиотека библиотеки ост остановка остановке остановки зупинка станция станции метро мкр "
      "микрорайон микрорайоне жк памятник памятника памятнику дк стадион стадиона street st avenue "
      "square"));
  return words;
}

const WordSet& Houses() {
  static const auto& words =
      *new WordSet(MakeWordSet("д дом дома доме домов корп корпус стр вл буд"));
  return words;
}

const WordSet& PhoneWords() {
  static const auto& words = *new WordSet(
      MakeWordSet("т тел телефон телефону телефона моб мобильный мобильного сот сотовый номер мой "
                  "мой контактный "
                  "контакт контакты whatsapp viber telegram tel phone номерум номерым"));
  return words;
}

absl::Span<const absl::string_view> PatronymicEndings() {
  static constexpr absl::string_view kEndings[] = {
      "ович", "овича", "овичу", "овичем", "евич",  "евича", "евичу", "евичем", "йович", "ївна",
      "овна", "овны",  "овне",  "овну",   "овной", "евна",  "евны",  "евне",   "евну",  "евной",
      "ична", "ичны",  "ичне",  "ичну",   "ичной", "івна",  "івни",  "івні",   "івну"};
  return kEndings;
}

absl::Span<const absl::string_view> SurnameEndings() {
  static constexpr absl::string_view kEndings[] = {
      "ов",   "ова",   "ову",  "овой",  "овым", "ове",  "ев",   "ева",   "еву",   "евой", "евым",
      "еве",  "ин",    "ина",  "ину",   "иной", "иным", "ине",  "ын",    "ына",   "ыну",  "ыной",
      "ский", "ская",  "скую", "ского", "ской", "ским", "цкий", "цкая",  "цкого", "цкой", "ский",
      "ська", "ський", "енко", "чук",   "юк",   "ян",   "дзе",  "швили", "ллин",  "ллина"};
  return kEndings;
}

bool IsGivenName(absl::string_view word) {
  const WordSet& names = GivenNames();
  if (names.contains(word)) return true;
  if (word.size() < 3 * kLetter) return false;
  const absl::string_view root = word.substr(0, word.size() - kLetter);  // «Анн-е», «Иван-у»
  return names.contains(root) || names.contains(absl::StrCat(root, "а")) ||
         names.contains(absl::StrCat(root, "я")) || names.contains(absl::StrCat(root, "й")) ||
         names.contains(absl::StrCat(root, "ь"));
}

}  // namespace veche::text
