"""The words of which people in France make passwords, without accents: written down by hand.

Alone, twice, two together, with a year or a sign behind: `domain/passwords.py` refuses what is made
of them. They are what lists of stolen passwords show again and again, not a dictionary: a sentence
of one's own nearly always has a word that is none of these.
"""

_NAMES = """
adam adele adrien agathe aicha alain albert alexandra alexandre alexia alexis alice alicia aline
alix alizee ambre amelie amina anais andre andrea angele angelique anna annabelle anne antoine
apolline ariane armand arnaud arthur astrid aude audrey aurelie aurelien aurore axel ayoub baptiste
barbara basile bastien beatrice benjamin benoit berenice bernadette bernard bertrand brigitte bruno
camille candice capucine carine carla carole caroline catherine cecile cedric celeste celestin
celia celine chantal charles charlie charline charlotte chloe christelle christian christiane
christine christophe claire clara claude claudine clea clemence clement clementine cloe clothilde
colette coralie corentin corinne cyril cyrille damien daniel danielle daphne david deborah delphine
denis denise diana diane didier dimitri dominique dorian dorothee edouard elea elena eleonore
eliane elie eliott elisa elisabeth elise elodie eloise elsa emilie emilien emma emmanuel emmanuelle
enzo eric erwan esteban estelle ethan etienne eugenie eva evelyne fabien fabienne fabrice fanny
farid fatima faustine felix fernand flavie flora florence florent florian floriane francine francis
franck francois francoise frederic frederique gabin gabriel gabrielle gael gaelle gaetan gaspard
gauthier genevieve geoffrey georges gerard germain ghislaine gilbert gilles ginette giulia gregoire
gregory guillaume gustave guy gwenaelle hamza hanna hannah hassan hector helene heloise henri herve
hortense hugo ibrahim ines iris isaac isabelle ismael jacqueline jacques jade jasmine jean jeanne
jennifer jeremie jeremy jerome jessica joel joelle johan johanna john jonathan jordan joseph
josephine josette josiane jules julia julie julien juliette justin justine karim karine karl kevin
khadija killian kylian laetitia lana lara laura laure laurence laurent laurie lea leana leandre
lena leo leon leonard leonie liam lila lili lilou lily lina linda lisa lise loan loane lola lorenzo
loris lou louane loubna louis louise louka louna luc luca lucas lucette lucie lucien lucienne
lucile lucy ludivine ludovic luna lya lydia lyna madeleine mael maelle maelys maeva magali malik
malo manon marc marceau marcel margaux margot marguerite maria marianne marie marina marine mario
marion marius marjorie marlene martin martine marwa maryse mateo mathieu mathilde mathis mathys
matteo matthias matthieu maud maurice max maxence maxime maya medhi mehdi melanie melina melissa
melvin mia michael michel michele michelle mickael mila milan mireille mohamed mohammed monique
morgan morgane moussa mylene myriam nabil nadege nadia nadine naomi nassim natacha nathalie nathan
nicolas nicole nina nino noa noah noam noe noelle noemie nolan nora nour oceane octave odette odile
olga olivia olivier ophelie oscar pablo pascal pascale patrice patricia patrick paul paula paulette
pauline perrine philippe pierre quentin rachel rachid raphael raphaelle rayan raymond rebecca
regine regis remi remy renaud rene renee richard robert robin rodolphe roger roland romain romane
romeo rosalie rose roxane ruben sabine sabrina sacha safia salome sami samia samir samuel sandra
sandrine sara sarah sebastien selena selma serge severine sidonie simon simone sofia sohan solene
soline sonia sophia sophie stella stephane stephanie steven suzanne suzie sylvain sylviane sylvie
tatiana teddy tess thea theo theodore therese thibault thibaut thierry thomas tiago tim timeo
timothee titouan tom tony tristan ugo valentin valentine valerie vanessa veronique victoire victor
victoria vincent violette virginie vivien wassim wendy william xavier yacine yanis yann yannick
yasmine yoann yohan yvan yves yvette yvonne zelie zoe zohra
"""
NAMES = frozenset(_NAMES.split())

_WORDS = """
abcd abcde abcdef abcdefg abcdefgh abcdefghij abeille abracadabra abricot acces accueil adieu admin
administrateur administrator afrique agen agneau aigle aime aimer ajaccio alamort alavie algerie
allah allezlesbleus allezlesverts allezlom allezol allezparis alsace amen amerique ami amie amiens
amies amis amitie amour amoureuse amoureux amours ananas ancien android ange angers anges annecy
annee anniversaire antibes anticonstitutionnellement aout appartement arbre arcenciel argent
argenteuil arsenal asmonaco assassin asse asterix audi aurevoir automne auvergne avengers avignon
avion avril azerty azertyuiop babar baguette ballon bambi banane barbapapa barbie barca barcelone
baseball basket basketball basque bastia batard bateau batman bayonne beau beaute bebe bebes belle
benzema berlin besancon beziers biarritz biche bientot bienvenue biere bises bismillah bisou bisous
bitch bizou blanc blancheneige bleu bleue bmw bonappetit bonbon bonbons bonheur bonjour bonneannee
bonneapresmidi bonnejournee bonnenuit bonsoir bonvoyage booba bordeaux bordel boss boulot bourgogne
bouygues brassens breizh bresil brest bretagne bureau burger cabrel caca caen cafe calais calin
calins callofduty camembert cameroun camion campagne canada canard cannes cantine cantona caramel
carotte carpediem cartable casimir catalan cendrillon centre cergy cerise cerises cestlafete
chambery champagne champion championne champions championsdumonde chance changeme changemoi changer
changezmoi chanson chartres chat chateau chaton chatons chats chatte chef chelsea cheri cherie
cheval chevaux chevre chien chienne chiens chine chocolat chocolats chouchou choupette choupinette
ciel cinema citroen citron clermont clio coccinelle cochon code coeur college commune compte
computer congo connard connasse connexion cool copain copine coquelicot corse corsica cotedivoire
coucou couille couilles counterstrike coupedumonde couple cousin cousine crayon creche crepe crepes
creteil cristal croissant danse danser danseuse darkvador dauphin dauphins decembre demon dernier
diable diamant dieu dijon dimanche dinosaure directeur directrice disney donald doudou dragon
dragonball dragons droitaubut ducati dunkerque eau eclair ecole egalite eleve emeraude encore
enculer enfant enfants enfer equipedefrance equitation espagne espoir ete etoile etoiles euro
europe euros eux extra facebook famille famillesportail fantome faucon fcbarcelone fcnantes fee
femme ferrari feu fevrier fille film fils fleur fleurs flute folle foobar foot football footballeur
force foret fort fortnite fortune fou fraise fraises framboise francais francaise france fraternite
freedom frere frerot frodon fromage fuck fuckyou gandalf garderie garfield gaston gateau gateaux
genial genialissime girondins giroud gmail goku goldman golf google grand grande grenoble
grenouille griezmann gris gros grosse guadeloupe guitare guyane gymnastique hakunamatata hallyday
handball harley harrypotter hello henry heureuse heureux hibou hiver hobbit hogwarts honda hotmail
hulk hunter iciciestparis iciparis identifiant iloveyou inchallah inscription inter internet invite
iphone ironman islam italie jamais janvier japon jardin jasmin jaune jedi jesus jetaime jeudi jeune
johnny joie joli jolie joyeuxnoel jtaime jtm judo juillet juin jul jumeaux jumelles juventus karate
kawasaki kebab killer king kiwi laliberte lapin lapinou lapins lareunion lavande lavie leboss
lecole legend legende lego lehavre lepatron lesbleus lesverts letmein liberte licorne licornes
ligue lille limoges lion lionne liverpool login lol londres lorient lorraine losangeles losc loto
loulou loulous louloutte loup loups love lover loveyou luffy lui luigi lundi lune lycee lyon
macherie madrid mafamille magie magique mai mail mairie maison maitre maitregims maitresse mali
mamaison maman mamans mami mamie mamounette mamy manchester mardi mari mariage maroc marron mars
marseille martinique master maternelle matin matrix mavie mayotte mbappe mdp mdr mega megane
meilleur meilleure melon memento mer mercedes merci mercredi merde mesenfants messi metal metro
metz mickey midi miel million milou minecraft minette minnie minou minouche minuit moi monaco
monamour monange monbebe moncheri moncoeur moncompte monecole monkey monmotdepasse montagne
montagnes montpellier montresor montreuil mort motdepasse moto mouton muguet mulhouse musique
muslim nancy nantes narbonne naruto natation neige nemo newyork neymar nice nimes nintendo noel
noir noire normand normandie nounours nous nouveau nouvelle novembre nuage number numberone numero
nutella obelix ocean octobre oggy oiseau oiseaux ol olaf olympique olympiquedemarseille
olympiquelyonnais olympiquemarseille om one onepiece orage orange ordinateur orleans ours ourson
outlook ouvretoisesame paix panda panthere papa papas papi papillon papillons papy paques paradis
parceque parent parents paris parissaintgermain parissg pass passe passw passwd password pasteque
pastis patate pates patron pau pays paysbasque peche peppa peppapig periscolaire perle perpignan
personne petanque petit petitange petite peugeot photo piano picardie pikachu pipi pirate pivoine
pizza plage platini playmobil playstation pluie poisson poitiers pokemon police pomme pompier
pompiers poney porsche portable portail portailfamille portugal poudlard poule poulet poulette
pourquoi pourtoujours power premier premiere primaire prince princes princess princesse printemps
professeur prout provence provisoire psg ptdr putain quebec queen quelquechose quimper qwerty
qwertyuiop qwertz racing raclens raiponce rambo ranger rap rcl rclens realmadrid reims reine
reinedesneiges renard renault rennes rentree requin reunion reve reves ricard rien riviere roblox
rock roi rome ronaldo root roses roubaix rouen rouge rubis rugby sable saintetienne salope salut
samedi samsung sangoku saphir sasuke savoie scoubidou secret semaine senegal septembre sesame
sesameouvretoi sexe sexy shadow shit simba ski snowboard soeur soeurette soir soldat soleil sonic
soprano sorciere sourire souris spiderman srfc stadebrestois stadefrancais stadetoulousain star
starwars stetienne stitch strasbourg stromae sucre sunshine super supercalifragilistic superman
superstar surf swag tacos tahiti taime tata tchoupi techno telephone tempete temporaire tennis
terminator terre test testtest thor tigre tigrou tintin titeuf titi toi tokyo tomate tonnerre
tonton top topsecret tortue toto toujours toulon toulousain toulouse tourcoing tournesol tours
touslesjours tout toutou tracteur train tralala travail tresor troyes trustno trustnoone tulipe
tunisie turquie tutu twingo user vacance vacances vache vague vagues valence vanille vannes vegeta
velo vendee vendredi vent versailles vert verte vie vieux village ville villeurbanne vin violet
viva vivelafrance vivre vivrelibre vodka voila voiture vous wanadoo warcraft weekend welcome wesh
whatever whisky windows xbox yahoo yamaha yoda youpi youpla zelda zidane zizi zizou zut
"""
WORDS = frozenset(_WORDS.split())

_EXPRESSIONS = """
aimermavie alaviealamort allezlesenfants allezlesgars allonsenfants allonsenfantsdelapatrie
amourpourtoujours aujourdhui aupres aupresdemablonde bestfriends bonanniversaire bonjourmadame
bonjourmonsieur bonjourtoutlemonde bonneannee cestbon cestcool cestlavie cestmoi cestmonmotdepasse
changermotdepasse chatetchien correcthorsebatterystaple espacefamille espacefamilles frerejacques
freresjacques ilestminuit ilfaitbeau ilfaitbeauaujourdhui ilfaitfroid ilovefrance iloveparis
iloveyousomuch jaioublie jaioubliemonmotdepasse jenesaispas jeneveuxpas jesaispas jesuisbeau
jesuisbelle jesuischarlie jesuisheureuse jesuisheureux jesuislameilleure jesuislechef
jesuislemeilleur jesuislepatron jesuismoi jesuisunestar jetaimefort jetaimemaman jetaimemonamour
jetaimemoncoeur jetaimepapa jetaimepourlavie jetaimepourtoujours jetaimetrop joyeusesfetes
joyeuxanniversaire lamourdemavie lapetitesirene lapinoucheri laraisonduplusfort laviecestbeau
lavieestbelle lechatbotte lechatnoir lechienetlechat lemotdepasse lepetitprince lesmiserables
letoutpourletout liberteegalitefraternite libertegalitefraternite loveforever mafamilledabord
mafamillemavie mamanetpapa mamanjetaime mamanpapa mapetitefamille mapetiteprincesse mesbebes
mesdeuxamours mesdeuxenfants mesdeuxfilles mesdeuxfils mesenfantsmavie mesenfantsmesamours
mespetitsamours mestroisamours mestroisenfants monamourpourlavie monamourpourtoujours
monchatetmonchien moncomptefamille monespacefamille monmotdepassesecret monpetitange monpetitbebe
monpetitcoeur motdepassefort motdepasseoublie motdepassesecurise neverforget nevergiveup
nouveaumotdepasse ouvretoi papaetmaman papajetaime papamaman petitpapanoel petitpoucet
poissondavril poissonrouge portailfamilles pourlavie quisemeleventrecoltelatempete
rienneserdecourir salutlesamis savezvousplanterleschoux touspourununpourtous toutlemonde toutvabien
unautremotdepasse unmotdepasse unpourtouspourun unpourtoustouspourun vivelamour vivelavie
vivelecole vivelefoot vivelesvacances vivelete
"""
EXPRESSIONS = frozenset(_EXPRESSIONS.split())

_LITTLE_WORDS = """
a ai allez and as au aux avec bien c d dans de des du elle en es est et ever for forever ii iii il
is j je l la le les m ma mes mon my n non nos notre of on ou oui par plus pour qu que qui s sa sans
ses son suis sur t ta tes the ton tres trop tu un une vive vos votre
"""
LITTLE_WORDS = frozenset(_LITTLE_WORDS.split())

KEYBOARD_WALKS = (
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "aqwzsxedcrfvtgbyhnujikolpm",
    "aqzsedrftgyhujikolpm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "azqswxedcrfvtgbyhn",
    "qsdwxcazertyfghvbnuiop",
)
