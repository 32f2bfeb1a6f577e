"""What happens in the demonstration: requests such as customers of a hospital-systems provider make. All fictional."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Story:
    """One request. `{place}` and `{machine}` are filled in for each customer that tells it."""

    title: str
    description: str
    product: str = ""
    module: str = ""
    failure: str = ""
    kind: str = "falha-tecnica"
    level: int = 3  # of severity, where the customer chooses it
    question: str = "Para seguir, preciso de duas informações: a versão que aparece em Ajuda, Sobre, e o horário da última vez em que funcionou. Pode me dizer?"
    answer: str = "É a 5.2.1, e funcionou até ontem às 17h."
    note: str = ""
    solution: str = (
        "Ajustamos a configuração e testamos daqui com um exame de hoje. Pode testar com a equipe e validar, por favor?"
    )
    rejection: str = "Testamos em duas máquinas e ainda acontece em uma delas."
    second_solution: str = (
        "A segunda máquina estava com a configuração antiga guardada. Corrigimos e acompanhamos o teste por telefone."
    )
    file: str = ""  # a picture (.png) or a log (.txt) that comes with the opening


PACS, RIS, REPORTS, PRINTING = "PACS", "RIS", "Laudos", "Impressão gerenciada"

SUPPORT = (
    Story(
        title="Imagens do PACS demoram a abrir em {place}",
        description="Desde segunda as tomografias levam mais de **40 segundos** para abrir nas estações de {place}. Na central radiológica abre na hora.\n\nQuem é afetado: três médicos, em horário de pico.",
        product=PACS,
        module="Visualizador",
        failure="Lentidão",
        level=2,
        file="estacao-lenta.png",
        question="Para comparar com a central, preciso saber qual servidor aparece em Ajuda, Sobre nessas estações, e se elas passaram por troca de rede recentemente.",
        answer="Aparece srv-img-02. E sim, a TI trocou o switch do andar no domingo.",
        note="Estações apontadas para o servidor antigo. Mesmo caso da semana passada.",
        solution="As estações ficaram apontadas para o servidor antigo depois da troca. Apontei as três para srv-img-01 e limpei o cache. A mesma tomografia abre em 3 segundos.\n\nPode testar com a equipe e validar aqui, por favor?",
    ),
    Story(
        title="Botão Imagens não habilita no prontuário de {place}",
        description="Depois da atualização de terça o botão Imagens ficou cinza no prontuário de todos os pacientes de {place}. Nas outras unidades funciona. Os médicos estão indo até a central para ver os exames.",
        product=PACS,
        module="Visualizador",
        failure="Funcionalidade com erro",
        level=2,
        file="botao-cinza.png",
        question="Já estou olhando. Posso acessar a estação {machine} às 10h30 para comparar as configurações?",
        answer="Pode, a sala fica livre das 10h às 11h.",
        note="A atualização apaga o caminho da DLL em Configurações do PACS. Falta só reapontar para o diretório raiz.",
        solution="O caminho do componente tinha sido apagado pela atualização. Refizemos nas estações de {place} e o botão voltou.",
    ),
    Story(
        title="RIS fora do ar em {place}",
        description="O RIS não abre em nenhuma máquina de {place}. Mensagem: **Não foi possível conectar ao servidor**. Estamos anotando os pacientes no papel.",
        product=RIS,
        module="Agendamento",
        failure="Sistema fora do ar",
        level=1,
        file="sem-conexao.png",
        question="Reiniciamos o serviço agora. O sistema voltou em {machine}?",
        answer="Voltou em duas, as outras ainda mostram a mensagem.",
        note="Serviço parado por falta de espaço no disco de logs. Abrir tarefa de limpeza.",
        solution="O disco de registros do servidor encheu e o serviço parou. Liberamos espaço, ligamos a limpeza automática e todas as estações de {place} voltaram.",
    ),
    Story(
        title="Agenda não envia confirmação por SMS",
        description="Desde quarta os pacientes de {place} não recebem a mensagem de confirmação. O envio aparece como feito na tela.",
        product=RIS,
        module="Agendamento",
        failure="Funcionalidade com erro",
        level=3,
        question="Pode mandar o horário e o telefone (só os 4 últimos números) de um exemplo de hoje?",
        answer="Ontem às 14h20, final 0142.",
        solution="O fornecedor das mensagens trocou o endereço do serviço. Atualizamos e reenviamos as confirmações de hoje e amanhã.",
    ),
    Story(
        title="Relatório de produtividade não confere com o RIS",
        description="O relatório de {place} mostra 214 exames no mês e a lista do RIS mostra 231. A diferença aparece só em ultrassom.",
        product=RIS,
        module="Relatórios",
        failure="Resultado incorreto",
        level=4,
        file="relatorio.png",
        question="Os exames que faltam são de encaixe? Mande por favor dois números de atendimento que ficaram de fora.",
        answer="São de encaixe, sim. Atendimentos 88121 e 88147.",
        solution="O relatório deixava de fora os encaixes sem horário. Corrigimos a consulta; o mês agora mostra 231.",
    ),
    Story(
        title="Worklist duplica paciente vindo do HIS",
        description="Em {place}, o mesmo paciente aparece duas vezes na worklist do equipamento {machine}. O técnico precisa adivinhar qual é o certo.",
        product=PACS,
        module="Integração",
        failure="Resultado incorreto",
        level=2,
        question="Qual dos dois tem o número de prontuário completo? Um print ajuda.",
        answer="O segundo da lista. Segue o print por aqui mesmo.",
        note="HIS envia A04 e A08 com identificadores diferentes. Falar com o fornecedor deles.",
        solution="O HIS mandava o paciente com dois identificadores. Passamos a juntar pelo prontuário e removemos os repetidos de hoje.",
    ),
    Story(
        title="Laudo assinado some da lista de {place}",
        description="O médico assina o laudo e ele some da lista de liberados. Só encontra buscando pelo número do atendimento.",
        product=REPORTS,
        module="Assinatura",
        failure="Funcionalidade com erro",
        level=3,
        file="lista-de-laudos.png",
        solution="Um filtro de setor ficou ligado para o perfil dos médicos. Desligamos e os laudos voltaram à lista.",
    ),
    Story(
        title="Assinatura digital recusa certificado A3",
        description="O certificado A3 de dois médicos de {place} é recusado com a mensagem **Certificado não confiável**. Os outros assinam normalmente.",
        product=REPORTS,
        module="Assinatura",
        failure="Funcionalidade com erro",
        level=2,
        question="Os certificados desses médicos foram renovados nos últimos dias? Pode enviar o nome da autoridade que aparece neles?",
        answer="Foram renovados na semana passada. Aparece AC Exemplo v6.",
        solution="A nova cadeia da autoridade não estava instalada. Incluímos nas estações de {place} e as duas assinaturas passaram.",
    ),
    Story(
        title="Filme sai em branco na impressora de {place}",
        description="A impressora DICOM {machine} puxa o filme e ele sai em branco. A fila mostra **enviado**.",
        product=PACS,
        module="Impressão",
        failure="Funcionalidade com erro",
        level=2,
        file="fila-impressao.txt",
        question="O filme sai em branco também no autoteste da impressora?",
        answer="No autoteste sai certo.",
        solution="O formato do filme estava trocado para 14x17 e a bandeja tem 10x12. Ajustamos no servidor e o filme sai certo.",
    ),
    Story(
        title="Impressora da recepção de {place} não puxa papel",
        description="A impressora {machine} faz barulho e não puxa o papel da bandeja 1. A bandeja manual funciona.",
        product=PRINTING,
        module="Manutenção",
        failure="Equipamento parado",
        level=3,
        file="painel-impressora.png",
        question="Aparece algum código no painel?",
        answer="Aparece 13.20.",
        solution="Trocamos o rolete da bandeja 1. Imprimimos 50 páginas de teste sem falha.",
    ),
    Story(
        title="Toner acaba antes do previsto em {place}",
        description="O toner da {machine} durou 9 dias; antes durava um mês. O volume de impressão é o mesmo.",
        product=PRINTING,
        module="Suprimentos",
        failure="Resultado incorreto",
        level=4,
        question="As páginas saem mais escuras que o normal?",
        answer="Saem, principalmente os pedidos de exame.",
        solution="A densidade estava no máximo depois da última manutenção. Voltamos ao normal e mandamos um toner de reposição sem custo.",
    ),
    Story(
        title="Erro 503 ao salvar laudo com imagem em {place}",
        description="Ao salvar um laudo com mais de 4 imagens aparece **Erro 503**. Com menos imagens salva. Onde: {place}, qualquer máquina. Desde: hoje, 8h.",
        product=REPORTS,
        module="Edição",
        failure="Funcionalidade com erro",
        level=2,
        file="erro-503.png",
        note="Limite do proxy em 8 MB. Subir para 50 MB e avisar a equipe de infraestrutura.",
        solution="O limite de envio do servidor estava baixo demais para laudos com imagens. Aumentamos e salvamos um laudo com 12 imagens.",
    ),
    Story(
        title="Usuário bloqueado depois das férias em {place}",
        description="Uma colega de {place} voltou de férias e não consegue entrar. A senha nova também é recusada.",
        product=RIS,
        module="Acesso",
        failure="Acesso negado",
        level=4,
        solution="O usuário estava inativo por 30 dias sem uso. Reativamos e ela já entrou.",
    ),
    Story(
        title="Busca de exames antigos retorna vazia em {place}",
        description="A busca por exames de 2021 não mostra nada em {place}. Sabemos que existem porque estão no laudo anterior.",
        product=PACS,
        module="Arquivo",
        failure="Resultado incorreto",
        level=3,
        solution="Os exames de 2021 estavam no arquivo frio, que ficou desligado depois da queda de energia. Religamos e a busca encontra todos.",
    ),
)

QUESTIONS = (
    Story(
        kind="duvida",
        title="Como configurar a etiqueta da Argox?",
        description="Precisamos imprimir a etiqueta do exame na Argox de {place}, com nome e código de barras.",
        product=RIS,
        module="Etiquetas",
        question="Qual o tamanho do rolo que vocês usam?",
        answer="É de 50 x 30 mm.",
        solution="Em Etiquetas, Modelos, escolha **Exame 50x30** e marque Argox em {machine}. Deixei o modelo pronto para {place}.",
    ),
    Story(
        kind="duvida",
        title="Como exportar a agenda para planilha?",
        description="A coordenação de {place} pede a agenda da semana em planilha.",
        product=RIS,
        module="Agendamento",
        solution="Na agenda, use **Exportar** no canto direito e escolha XLSX. O filtro da tela vale para o arquivo.",
    ),
    Story(
        kind="duvida",
        title="É possível ver quem abriu um exame?",
        description="Precisamos saber quem abriu as imagens de um paciente de {place}, para a auditoria interna.",
        product=PACS,
        module="Arquivo",
        solution="Sim: em Administração, Trilha de acesso, busque pelo número do atendimento. Enviamos o passo a passo em anexo ao chamado.",
    ),
    Story(
        kind="duvida",
        title="Como trocar o cabeçalho do laudo?",
        description="O logotipo do hospital mudou e o cabeçalho dos laudos de {place} ainda é o antigo.",
        product=REPORTS,
        module="Edição",
        solution="Em Laudos, Modelos, Cabeçalho, envie a imagem nova com 1200 x 200 pontos. Fizemos o primeiro para servir de exemplo.",
    ),
    Story(
        kind="apoio-tecnico",
        title="Incluir novo ultrassom na worklist",
        description="Chegou um ultrassom novo em {place}, chamado {machine}. Precisa aparecer na worklist.",
        product=PACS,
        module="Integração",
        question="Pode me passar o AE Title e o endereço do equipamento?",
        answer="AE Title US_NOVO, endereço 10.0.8.41.",
        solution="O equipamento está cadastrado e a worklist de hoje já aparece nele.",
    ),
    Story(
        kind="apoio-tecnico",
        title="Ajustar regra de prioridade dos laudos",
        description="Queremos que os exames do pronto-socorro de {place} apareçam primeiro na lista dos médicos.",
        product=REPORTS,
        module="Filas",
        solution="Criamos a regra *Pronto-socorro primeiro* para {place}. Vale a partir de agora.",
    ),
)

IMPROVEMENTS = (
    Story(
        kind="sugestao-de-melhoria",
        title="Incluir o CRM do solicitante na lista de exames",
        description="Ajudaria na conferência do faturamento ver o CRM de quem pediu o exame sem abrir o atendimento.",
        product=REPORTS,
        module="Filas",
    ),
    Story(
        kind="sugestao-de-melhoria",
        title="Avisar quando um laudo passa de 24 horas",
        description="Hoje só descobrimos quando o paciente liga. Um aviso para a coordenação de {place} resolveria.",
        product=REPORTS,
        module="Filas",
    ),
    Story(
        kind="orcamento",
        title="Integração com o aplicativo do paciente",
        description="Gostaríamos de um orçamento para publicar os laudos de {place} no aplicativo do hospital.",
        product=REPORTS,
        module="Integração",
    ),
)

OTHERS = (
    Story(
        kind="financeiro",
        title="Segunda via do boleto",
        description="Não recebemos o boleto deste mês. Podem enviar a segunda via?",
        solution="Segue a segunda via. Corrigimos o e-mail de cobrança no cadastro.",
    ),
    Story(
        kind="comercial",
        title="Proposta para mais duas estações",
        description="Vamos abrir mais uma sala em {place} e precisamos de duas estações de laudo.",
        solution="A proposta seguiu para o seu e-mail, com validade de 30 dias.",
    ),
    Story(
        kind="servicos-especiais",
        title="Reinstalar estação depois de troca de disco",
        description="Trocamos o disco da estação {machine}. Precisa reinstalar o visualizador.",
        product=PACS,
        module="Visualizador",
        solution="Estação reinstalada e testada com a equipe de {place}.",
    ),
    Story(
        kind="ouvidoria",
        title="Elogio ao atendimento da última sexta",
        description="Quero registrar o cuidado do analista que ficou até tarde com a nossa equipe de {place}.",
        solution="Obrigado pelo retorno. O elogio foi lido na reunião da equipe.",
    ),
)
