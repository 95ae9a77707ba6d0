#include "common/text/mask.h"

#include <gtest/gtest.h>

#include "common/text/utf8.h"

namespace veche::text {
namespace {

TEST(MaskTest, HidesPhones) {
  for (absl::string_view phone :
       {"+7 (843) 555-12-34", "89171234567", "8 917 123 45 67", "8-917-123-45-67",
        "+380 50 123 45 67", "0501234567", "9171234567", "555-12-34", "44-55-66", "+79171234567"}) {
    EXPECT_EQ(MaskPersonalData(std::string("Звоните мне ") + std::string(phone) + ", жду"),
              "Звоните мне [телефон], жду")
        << phone;
  }
}

TEST(MaskTest, HidesAddressesOfMail) {
  EXPECT_EQ(MaskPersonalData("Пишите на ivan.petrov@mail.ru."), "Пишите на [почта].");
  EXPECT_EQ(MaskPersonalData("Write to a+b@x.org please, it is urgent"),
            "Write to [email] please, it is urgent");
  EXPECT_EQ(MaskPersonalData("цена @ 5"), "цена @ 5");
}

TEST(MaskTest, HidesFlatsButNotWhatHappensInThem) {
  EXPECT_EQ(MaskPersonalData("ул. Мира, д. 5, кв. 12"), "ул. Мира, д. 5, [квартира]");
  EXPECT_EQ(MaskPersonalData("Течёт у меня в квартире №48"), "Течёт у меня в [квартира]");
  EXPECT_EQ(MaskPersonalData("кв.7а затопили"), "[квартира] затопили");
  for (absl::string_view text : {"В квартире 15 градусов", "В квартире +14", "Площадь 45 кв. м",
                                 "В квартире 12 °C", "в квартире 3 человека"}) {
    EXPECT_EQ(MaskPersonalData(text), text);
  }
}

TEST(MaskTest, HidesDocumentsAndCards) {
  EXPECT_EQ(MaskPersonalData("Паспорт 9203 123456"), "Паспорт [номер]");
  EXPECT_EQ(MaskPersonalData("карта 4276 1234 5678 9012"), "карта [номер]");
  EXPECT_EQ(MaskPersonalData("СНИЛС 123-456-789 01"), "СНИЛС [номер]");
  EXPECT_EQ(MaskPersonalData("ИНН 165812345678"), "ИНН [номер]");
}

TEST(MaskTest, HidesNames) {
  EXPECT_EQ(MaskPersonalData("Меня зовут Анна Петрова, у нас яма"), "Меня зовут [имя], у нас яма");
  EXPECT_EQ(MaskPersonalData("ФИО: Петров А. Б. Яма у дома"), "ФИО: [имя]. Яма у дома");
  EXPECT_EQ(MaskPersonalData("С уважением, Сидорова М.И."), "С уважением, [имя].");
  EXPECT_EQ(MaskPersonalData("Мене звати Оксана. Немає світла"), "Мене звати [ім’я]. Немає світла");
  EXPECT_EQ(MaskPersonalData("Минем исемем Айгөл Сафина, безнең урамда ут юк"),
            "Минем исемем [исем], безнең урамда ут юк");
  EXPECT_EQ(MaskPersonalData("My name is John Smith and the light is broken"),
            "My name is [name] and the light is broken");
  EXPECT_EQ(MaskPersonalData("Сосед Кузнецов Пётр Ильинович шумит"), "Сосед [имя] шумит");
}

TEST(MaskTest, HidesNamesByTheirForm) {
  const std::pair<absl::string_view, absl::string_view> cases[] = {
      {"Мастер Петров И.И. обещал", "Мастер [имя]. обещал"},
      {"Вчера Петров И. И. обещал", "Вчера [имя]. обещал"},
      {"ПЕТРОВ И.И. не пришёл", "[имя]. не пришёл"},
      {"Обещал И. И. Петров, не пришёл", "Обещал [имя], не пришёл"},
      {"Обещал И.И.Петров из ЖЭКа", "Обещал [имя] из ЖЭКа"},
      {"Мастер А.В. Сидоров ушёл", "Мастер [имя] ушёл"},
      {"Инженер Г.Р. Шмидт ушёл", "Инженер [имя] ушёл"},
      {"Шмидт Г.Р. ушёл", "[имя]. ушёл"},
      {"Петров И. И. Прошу убрать", "[имя]. Прошу убрать"},
      {"Петров И.И., д. 5", "[имя]., д. 5"},
      {"Её зовут Петрова Анна Ивановна.", "Её зовут [имя]."},
      {"дежурная Анна Ивановна Петрова грубит", "дежурная [имя] грубит"},
      {"у Марии Сергеевны нет воды", "у [имя] нет воды"},
      {"Уважаемый Иван Петрович!", "Уважаемый [имя]!"},
      {"Приходил Шевченко Т. Г. вчора", "Приходил [имя]. вчора"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(MaskPersonalData(text), masked);
}

TEST(MaskTest, HidesNamesBesideAPhone) {
  const std::pair<absl::string_view, absl::string_view> cases[] = {
      {"Звоните: Анна, 89171234567", "Звоните: [имя], [телефон]"},
      {"Звоните Анне 8 917 123-45-67", "Звоните [имя] [телефон]"},
      {"Прошу перезвонить. Иван Петров, тел. 89171234567",
       "Прошу перезвонить. [имя], тел. [телефон]"},
      {"89171234567 Айгуль", "[телефон] [имя]"},
      {"89171234567 (Марина Сидорова)", "[телефон] ([имя])"},
      {"Мой номер 89171234567\nСергей", "Мой номер [телефон]\n[имя]"},
      {"Ольга Викторовна +7 917 123 45 67", "[имя] [телефон]"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(MaskPersonalData(text), masked);
  // Other words beside a phone.
  for (absl::string_view text :
       {"Звоните [телефон]", "Диспетчерская [телефон] Казань", "Телефон [телефон]. Яма у дома",
        "Магазин Остров [телефон]", "ул. Марата [телефон]", "[телефон]. Анна в школе"}) {
    std::string written(text);
    written.replace(written.find("[телефон]"), std::string("[телефон]").size(), "89171234567");
    EXPECT_EQ(MaskPersonalData(written), text);
  }
}

TEST(MaskTest, LeavesWhatIsCalledAfterPeople) {
  for (absl::string_view text :
       {"Яма на ул. Ленина, 12",   "пр. Гагарина, 5",     "парк им. Горького",
        "ул. Н. И. Лобачевского",  "улица К. Цеткин",     "ул. А.С. Пушкина, д. 5",
        "А. С. Пушкина 12",        "А.С. Пушкина, д. 5",  "школа имени А. П. Чехова",
        "проспект Ибрагимова, 44", "ул. Мусы Джалиля",    "улица Марии Ивановны",
        "остановка Н. Ершова",     "Площадь Г. Тукая",    "на Петра Витера 3",
        "вул. Т. Г. Шевченка",     "Школа А. Б. открыта", "Спасибо. P.S. Фото прилагаю",
        "Спасибо P. S. Фото",      "Дом К. И. пуст",      "ЖК Г. Р. сдан"}) {
    EXPECT_EQ(MaskPersonalData(text), text);
  }
}

TEST(MaskTest, LeavesWhatHappened) {
  for (absl::string_view text :
       {"С уважением, жители дома 5", "Света нет с 12.03.2024 по 15-03-24, дома 12-14-16",
        "Автобус 25, остановка Площадь Тукая, 18:30", "Долг 12 345 руб за 2 месяца",
        "дома 8 10 12 14 16 18", "просп. Победы, д. 100-102", ""}) {
    EXPECT_EQ(MaskPersonalData(text), text);
  }
}

TEST(MaskTest, BearsHostileText) {
  for (absl::string_view part :
       {"@", "a@", "1", "1 ", "1-", "+(", "кв. ", "ФИО ", "А.", "И. И. ", "Анна ", "Анна Ивановна ",
        "тел ", "тел 89171234567 Анна ", "\xFF", "А", "a.@b."}) {
    std::string text;
    while (text.size() < 200'000) text.append(part.data(), part.size());
    EXPECT_FALSE(MaskPersonalData(text).empty()) << part;
  }
}

}  // namespace
}  // namespace veche::text
