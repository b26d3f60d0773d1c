"""Pairs of headlines, all invented: the same event as two newsrooms would tell it, and two events that sound alike.

The guards were made with the first pairs at hand; the unseen ones were written afterwards, and nothing was changed for
them since.
"""

from __future__ import annotations

Pair = tuple[str, str]

SAME: dict[str, tuple[Pair, ...]] = {
    "en": (
        ("Explosion rocks central Halmouth, emergency services say", "Blast heard in centre of Halmouth"),
        ("Ferry sinks off Port Ansel with 40 on board", "40 people aboard ferry that sank near Port Ansel"),
        ("Parliament passes budget after all-night debate", "MPs approve budget following night-long debate"),
        ("Striking pilots at Norvane reach deal on pay", "Norvane pilots end strike after pay deal"),
        ("Prime Minister Ostrel resigns after defeat in vote", "Ostrel steps down as prime minister after vote defeat"),
        ("Wildfire forces evacuation of villages near Castelo", "Villages evacuated as wildfire nears Castelo"),
        ("Central bank raises interest rates to 4.5%", "Interest rates raised to 4.5% by central bank"),
        ("Two climbers rescued from Mount Hesper after storm", "Storm-hit climbers rescued from Mount Hesper"),
        ("Train derails outside Wexley, dozens injured", "Dozens hurt as train comes off tracks near Wexley"),
        ("Court blocks government's plan to close coal mines", "Government plan to shut coal mines blocked by court"),
        ("Rovers win cup final on penalties", "Penalties decide cup final as Rovers lift trophy"),
        ("Missing girl found safe in Larkhill after three days", "Girl missing for three days is found alive"),
        ("Volcano erupts on island of Tesh, flights cancelled", "Flights cancelled after eruption of Tesh volcano"),
        ("Tech firm Quandle to cut 2,000 jobs worldwide", "Quandle announces 2,000 job cuts"),
    ),
    "de": (
        ("Explosion in Halmstadt: Mehrere Verletzte", "Mehrere Menschen bei Explosion in Halmstadt verletzt"),
        ("Bundestag beschließt neues Klimagesetz", "Neues Klimagesetz im Bundestag beschlossen"),
        ("Lokführer beenden Streik nach Einigung", "Einigung erzielt: Streik der Lokführer beendet"),
        ("Waldbrand bei Tornau bedroht zwei Dörfer", "Zwei Dörfer von Waldbrand bei Tornau bedroht"),
        ("Minister Kessler tritt nach Kritik zurück", "Nach scharfer Kritik: Kessler tritt als Minister zurück"),
        ("Zugunglück in Werda fordert 12 Verletzte", "12 Verletzte nach Zugunfall in Werda"),
        ("Zentralbank senkt Leitzins auf 2,5 Prozent", "Leitzins sinkt: Zentralbank geht auf 2,5 Prozent"),
        ("Vermisste Wanderer in den Alpen gerettet", "Bergretter finden vermisste Wanderer in den Alpen"),
    ),
    "fr": (
        ("Une explosion secoue le centre de Morvane", "Morvane : forte explosion dans le centre-ville"),
        (
            "Le Parlement adopte le budget après une nuit de débats",
            "Budget adopté au Parlement après une nuit de débat",
        ),
        ("Incendie de forêt : trois villages évacués près de Lorgue", "Trois villages évacués près de Lorgue"),
        ("La ministre Delorme démissionne après le scandale", "Scandale : la ministre Delorme annonce sa démission"),
        ("Un train déraille près de Cassel, 15 blessés", "Déraillement d'un train près de Cassel : 15 blessés"),
        ("Les pilotes mettent fin à leur grève", "Fin de la grève des pilotes après un accord"),
        ("La banque centrale relève ses taux à 4 %", "Taux relevés à 4 % par la banque centrale"),
    ),
    "es": (
        ("Una explosión sacude el centro de Valdoria", "Fuerte explosión en el centro de Valdoria"),
        ("El Congreso aprueba los presupuestos tras un largo debate", "Aprobados los presupuestos en el Congreso"),
        ("Incendio forestal obliga a evacuar tres pueblos cerca de Lobera", "Evacuados tres pueblos por el incendio"),
        ("La ministra Salcedo dimite tras el escándalo", "Dimite la ministra Salcedo por el escándalo"),
        ("Descarrila un tren en Arnela y deja 20 heridos", "Al menos 20 heridos al descarrilar un tren en Arnela"),
        ("Los pilotos ponen fin a la huelga tras un acuerdo", "Acuerdo entre pilotos y aerolínea: termina la huelga"),
        ("El banco central sube los tipos al 4 %", "Suben los tipos de interés al 4 %, según el banco central"),
    ),
    "uk": (
        ("У центрі Лугомиля пролунав вибух", "Вибух у центрі Лугомиля: що відомо"),
        ("Парламент ухвалив бюджет після нічних дебатів", "Після нічних дебатів парламент ухвалив держбюджет"),
        ("Біля Зорянська через пожежу евакуювали три села", "Пожежа біля Зорянська: евакуйовано три села"),
        ("Міністр Кравець подав у відставку після скандалу", "Кравець іде у відставку: міністр пояснив рішення"),
        ("Потяг зійшов з рейок біля Дубравки, 15 поранених", "Біля Дубравки потяг зійшов з рейок: 15 поранених"),
        ("Пілоти завершили страйк після угоди", "Страйк пілотів завершено: сторони підписали угоду"),
        ("Центробанк підвищив облікову ставку до 14%", "Облікову ставку підвищено до 14%"),
    ),
}

DIFFERENT: dict[str, tuple[Pair, ...]] = {
    "en": (
        ("Drone attack on Halmouth kills three", "Drone attack on Tesh kills three"),
        ("Macrell resigns as party leader", "Ostrel resigns as party leader"),
        ("Earthquake of magnitude 6.1 shakes Castelo", "Earthquake of magnitude 4.2 shakes Norvane"),
        ("Rovers win cup semi-final on penalties", "United win cup semi-final on penalties"),
        ("Court blocks plan to close coal mines", "Court blocks plan to close rural schools"),
        ("Police arrest man over Larkhill stabbing", "Police arrest man over Wexley bank robbery"),
        ("Central bank raises interest rates to 4.5%", "Central bank holds interest rates at 4.5%"),
        ("Quandle to cut 2,000 jobs worldwide", "Brinex to cut 2,000 jobs worldwide"),
        ("Ferry sinks off Port Ansel with 40 on board", "Ferry runs aground off Tesh with 200 on board"),
        ("Prime minister visits flooded villages", "Prime minister visits wounded soldiers"),
        ("Storm leaves thousands without power", "Storm leaves two dead and one missing"),
        ("Goal! Rovers 1-0 United", "Goal! Rovers 1-1 United"),
        ("What we know about the Halmouth explosion", "What we know about the Castelo wildfire"),
        ("Talks on trade deal resume in Norvane", "Talks on prisoner swap resume in Castelo"),
    ),
    "de": (
        ("Drohnenangriff auf Halmstadt: Drei Tote", "Drohnenangriff auf Tornau: Drei Tote"),
        ("Minister Kessler tritt zurück", "Minister Brandner tritt zurück"),
        ("Erdbeben der Stärke 6,1 erschüttert Werda", "Erdbeben der Stärke 4,2 erschüttert Tornau"),
        ("Polizei nimmt Mann nach Messerangriff fest", "Polizei nimmt Mann nach Banküberfall fest"),
        ("Zentralbank senkt Leitzins auf 2,5 Prozent", "Zentralbank lässt Leitzins bei 3 Prozent"),
        ("Waldbrand bei Tornau unter Kontrolle", "Großbrand in Werda unter Kontrolle"),
        ("Bundestag beschließt Klimagesetz", "Bundestag beschließt Rentenreform"),
        ("Lokführer beenden Streik", "Piloten beenden Streik"),
    ),
    "fr": (
        ("Attaque de drones sur Morvane : trois morts", "Attaque de drones sur Cassel : trois morts"),
        ("La ministre Delorme démissionne", "La ministre Vasseur démissionne"),
        ("Un séisme de magnitude 6,1 frappe Lorgue", "Un séisme de magnitude 4,2 frappe Morvane"),
        ("La police arrête un homme après une agression", "La police arrête un homme après un cambriolage"),
        ("Le Parlement adopte le budget", "Le Parlement adopte la réforme des retraites"),
        ("Les pilotes mettent fin à leur grève", "Les cheminots mettent fin à leur grève"),
        ("La banque centrale relève ses taux à 4 %", "La banque centrale maintient ses taux à 3 %"),
    ),
    "es": (
        ("Ataque con drones contra Valdoria: tres muertos", "Ataque con drones contra Arnela: tres muertos"),
        ("Dimite la ministra Salcedo", "Dimite la ministra Quiroga"),
        ("Un terremoto de magnitud 6,1 sacude Lobera", "Un terremoto de magnitud 4,2 sacude Valdoria"),
        ("La policía detiene a un hombre por una agresión", "La policía detiene a un hombre por un atraco"),
        ("El Congreso aprueba los presupuestos", "El Congreso aprueba la reforma laboral"),
        ("Los pilotos ponen fin a la huelga", "Los maquinistas ponen fin a la huelga"),
        ("El banco central sube los tipos al 4 %", "El banco central mantiene los tipos en el 3 %"),
    ),
    "uk": (
        ("Атака дронів на Лугомиль: троє загиблих", "Атака дронів на Зорянськ: троє загиблих"),
        ("Міністр Кравець подав у відставку", "Міністр Бондарчук подав у відставку"),
        ("Землетрус магнітудою 6,1 стався біля Дубравки", "Землетрус магнітудою 4,2 стався біля Лугомиля"),
        ("Поліція затримала чоловіка за напад", "Поліція затримала чоловіка за крадіжку"),
        ("Парламент ухвалив бюджет", "Парламент ухвалив пенсійну реформу"),
        ("Пілоти завершили страйк", "Машиністи завершили страйк"),
        ("Центробанк підвищив облікову ставку до 14%", "Центробанк залишив облікову ставку на рівні 13%"),
    ),
}


UNSEEN_SAME: dict[str, tuple[Pair, ...]] = {
    "en": (
        ("Gunman kills two at shopping centre in Wexley", "Two shot dead in Wexley shopping centre"),
        ("Ostrel wins second term as president", "President Ostrel re-elected for second term"),
        ("Hurricane Mira makes landfall near Port Ansel", "Mira hits coast near Port Ansel as category 3 hurricane"),
        ("Nurses vote to strike over pay", "Nurses back strike action in pay dispute"),
        ("Singer Dana Holt dies aged 71", "Dana Holt, singer of 'Northern Rain', has died"),
        (
            "Fire at chemical plant in Norvane: residents told to stay indoors",
            "Residents urged to stay inside after Norvane chemical plant fire",
        ),
        ("UN calls for ceasefire in Castelo", "Security council demands ceasefire in Castelo"),
        ("Airline Skyra files for bankruptcy", "Skyra bankrupt: airline cancels all flights"),
        ("Rovers sack manager after fifth defeat", "Manager Pelham sacked by Rovers"),
    ),
    "de": (
        ("Schüsse in Einkaufszentrum in Werda: Zwei Tote", "Zwei Menschen in Werdaer Einkaufszentrum erschossen"),
        ("Sängerin Dana Holt ist tot", "Dana Holt mit 71 Jahren gestorben"),
        ("Pflegekräfte stimmen für Streik", "Mehr Lohn gefordert: Pflegekräfte wollen streiken"),
    ),
    "fr": (
        ("La chanteuse Dana Holt est morte à 71 ans", "Mort de la chanteuse Dana Holt"),
        ("Fusillade dans un centre commercial de Cassel : deux morts", "Deux morts dans une fusillade à Cassel"),
    ),
    "es": (
        ("Muere la cantante Dana Holt a los 71 años", "Fallece a los 71 años la cantante Dana Holt"),
        ("Tiroteo en un centro comercial de Arnela deja dos muertos", "Dos muertos en un tiroteo en Arnela"),
    ),
    "uk": (
        ("Померла співачка Дана Голт", "Співачка Дана Голт померла у 71 рік"),
        (
            "Стрілянина в торговому центрі Зорянська: двоє загиблих",
            "Двоє людей загинули під час стрілянини у Зорянську",
        ),
    ),
}

UNSEEN_DIFFERENT: dict[str, tuple[Pair, ...]] = {
    "en": (
        ("Police investigate shooting in Wexley", "Police investigate missing funds in Wexley council"),
        ("Ostrel meets farmers in Tesh", "Ostrel meets union leaders in Halmouth"),
        ("President Ostrel signs climate bill", "President Ostrel vetoes housing bill"),
        ("Hurricane Mira weakens over Norvane", "Hurricane season forecast raised for Norvane coast"),
        ("Nurses vote to strike over pay", "Teachers to strike over pay next week"),
        ("Fire at warehouse in Halmouth under control", "Fire at hospital in Tesh kills four"),
        ("Singer Dana Holt dies aged 71", "Actor Paul Brandt dies aged 84"),
        ("Rovers sign striker from United", "United sign goalkeeper from Rovers"),
        ("Stocks fall after central bank decision", "Stocks rise after jobs report"),
        ("Mayor of Wexley denies bribery claims", "Mayor of Wexley opens new bridge"),
    ),
    "de": (
        ("Polizei sucht Zeugen nach Unfall in Werda", "Polizei sucht Zeugen nach Einbruch in Tornau"),
        ("Kanzler Brandner besucht Hochwassergebiet", "Kanzler Brandner besucht Truppen in Werda"),
        ("Aktien fallen nach Zinsentscheid", "Aktien steigen nach Jobdaten"),
    ),
    "fr": (
        ("Le président Vasseur visite une usine à Lorgue", "Le président Vasseur visite une école à Cassel"),
        ("Un mort dans un accident à Morvane", "Un mort dans un incendie à Lorgue"),
    ),
    "es": (
        ("El presidente Quiroga visita una fábrica en Lobera", "El presidente Quiroga visita una escuela en Arnela"),
        ("Un muerto en un accidente en Valdoria", "Un muerto en un incendio en Lobera"),
    ),
    "uk": (
        ("Президент відвідав завод у Дубравці", "Президент відвідав школу в Зорянську"),
        ("Одна людина загинула в аварії біля Лугомиля", "Одна людина загинула під час пожежі в Зорянську"),
    ),
}
